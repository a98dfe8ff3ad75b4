// Sorts in slices, in place, so that other work has its turn in between: a quicksort that can stop anywhere. The keys
// are different from each other. One thread at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "domain/random.hpp"

namespace ubiety {

template <class Key>
class SlicedSort {
 public:
  // The keys outlive the sort.
  explicit SlicedSort(std::vector<Key>& keys) : keys_(keys) { begin({0, keys.size()}); }

  // Compares about so many keys with a pivot; a short range counts as so many for each time that it would be halved.
  // Returns whether all keys are sorted.
  bool advance(std::size_t most) {
    for (std::size_t done = 0; done < most && !is_done_;) done += is_short() ? sort_range() : partition(most - done);
    return is_done_;
  }

 private:
  static constexpr std::size_t short_range = 1024;
  static constexpr std::size_t cost_of_short = 4;  // for each key, measured beside a comparison with a pivot

  struct Range {
    std::size_t begin, end;
    std::size_t size() const { return end - begin; }
  };

  bool is_short() const { return range_.size() <= short_range; }

  void begin(Range range) {
    range_ = range;
    left_ = range.begin;
    right_ = range.end;
    if (!is_short()) pivot_ = median_of_some();
  }

  void begin_next() {
    is_done_ = waiting_.empty();
    if (is_done_) return;
    begin(waiting_.back());
    waiting_.pop_back();
  }

  std::size_t sort_range() {
    const auto size = range_.size();
    std::sort(at(range_.begin), at(range_.end));
    begin_next();
    return cost_of_short * size + 1;
  }

  // What is before `left_` is smaller than the pivot; what is from `right_` on is not.
  std::size_t partition(std::size_t most) {
    const auto before = right_ - left_;
    while (left_ < right_ && before - (right_ - left_) < most) {
      if (keys_[left_] < pivot_)
        ++left_;
      else
        std::swap(keys_[left_], keys_[--right_]);
    }
    const auto compared = before - (right_ - left_);
    if (left_ < right_) return compared;
    waiting_.push_back({left_, range_.end});
    begin({range_.begin, left_});
    return compared;
  }

  // Both sides of the pivot have keys: the keys are different, and the median of several is not the smallest.
  Key median_of_some() {
    std::array<Key, 9> some;
    for (auto& key : some) key = keys_[range_.begin + random_number() % range_.size()];
    std::nth_element(some.begin(), some.begin() + some.size() / 2, some.end());
    return some[some.size() / 2];
  }

  auto at(std::size_t place) { return keys_.begin() + static_cast<std::ptrdiff_t>(place); }

  std::vector<Key>& keys_;
  std::vector<Range> waiting_;  // behind the range under way
  Range range_{};
  Key pivot_{};
  std::size_t left_ = 0, right_ = 0;
  bool is_done_ = false;
};

}  // namespace ubiety
