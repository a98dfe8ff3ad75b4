#include "actors/shard/radix_sort.hpp"

#include <algorithm>
#include <numeric>

namespace ubiety {
namespace {

constexpr unsigned bits = 8;
constexpr std::uint64_t all = (1U << bits) - 1;

// The order of these is that of the values: negative ones are first.
std::uint64_t biased(std::int64_t value) { return static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63); }

}  // namespace

bool RadixSort::advance(std::size_t most) {
  while (most > 0 && stage_ != Stage::done) {
    const auto end = next_ + std::min(most, keys_.size() - next_);
    most -= std::max<std::size_t>(end - next_, 1);
    for (; next_ < end; ++next_) visit(keys_[next_]);
    if (next_ == keys_.size()) end_stage();
  }
  return stage_ == Stage::done;
}

void RadixSort::visit(const Key& key) {
  switch (stage_) {
    case Stage::compare:
      different_values_ |= biased(key.value) ^ biased(keys_.front().value);
      different_ranks_ |= key.rank ^ keys_.front().rank;
      other_.push_back(key);
      break;
    case Stage::count: ++places_[digit_of(key)]; break;
    case Stage::move: other_[places_[digit_of(key)]++] = key; break;
    case Stage::done: break;
  }
}

void RadixSort::end_stage() {
  next_ = 0;
  switch (stage_) {
    case Stage::compare:
      find_digits();
      begin_digit();
      break;
    case Stage::count:
      std::exclusive_scan(places_.begin(), places_.end(), places_.begin(), std::size_t{0});
      stage_ = Stage::move;
      break;
    case Stage::move:
      keys_.swap(other_);
      digits_.pop_back();
      begin_digit();
      break;
    case Stage::done: break;
  }
}

void RadixSort::find_digits() {
  for (unsigned shift = 64; shift > 0;)
    if (shift -= bits; (different_values_ >> shift & all) != 0) digits_.push_back({true, shift});
  for (unsigned shift = 32; shift > 0;)
    if (shift -= bits; (different_ranks_ >> shift & all) != 0) digits_.push_back({false, shift});
}

void RadixSort::begin_digit() {
  stage_ = digits_.empty() ? Stage::done : Stage::count;
  places_.fill(0);
  if (stage_ == Stage::done) other_ = {};
}

std::size_t RadixSort::digit_of(const Key& key) const {
  const auto [is_of_value, shift] = digits_.back();
  return static_cast<std::size_t>((is_of_value ? biased(key.value) : key.rank) >> shift & all);
}

}  // namespace ubiety
