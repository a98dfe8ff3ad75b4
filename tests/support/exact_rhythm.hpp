// The rule of a rhythm with unbounded memory: slow, and plain to see. Tests compare Rhythm with this one. One thread at
// a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <set>
#include <vector>

#include "fleet/listening_time.hpp"

namespace ubiety::test {

class ExactRhythm {
 public:
  void learn(std::chrono::milliseconds gap, ListeningTime now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (!windows_.empty() && second - windows_.back().start >= 2 * window()) windows_.clear();
    if (windows_.empty() || second - windows_.back().start >= window()) windows_.push_back({second, {}});
    windows_.back().gaps.insert(rounded(gap));
  }

  // The second longest of four: the two longest of the last window and of the one before.
  QuarterSeconds usual() const {
    std::multiset<QuarterSeconds, std::greater<>> four{QuarterSeconds(0), QuarterSeconds(0)};
    for (std::size_t back = 1; back <= std::min<std::size_t>(2, windows_.size()); ++back) {
      const auto& gaps = windows_[windows_.size() - back].gaps;
      four.insert(gaps.begin(), std::next(gaps.begin(), std::min<std::ptrdiff_t>(2, std::ssize(gaps))));
    }
    return *std::next(four.begin());
  }

  bool is_known() const {
    std::size_t gaps = 0;
    for (const auto& window : windows_) gaps += window.gaps.size();
    return gaps >= 3;
  }

  // What a GapCode can hold: 13 significant binary digits of quarters of a second, 388 days at most.
  static QuarterSeconds rounded(std::chrono::milliseconds gap) {
    std::int64_t quarters = std::max<std::int64_t>(0, gap.count()) / 250, step = 1;
    while (quarters / step >= 8192) step *= 2;
    return QuarterSeconds(std::min(quarters / step * step, std::int64_t{8191} * 16384));
  }

 private:
  struct Window {
    std::chrono::time_point<ListeningEpoch, std::chrono::seconds> start;
    std::multiset<QuarterSeconds, std::greater<>> gaps;  // the longest first
  };

  std::chrono::seconds window() const {
    return std::max<std::chrono::seconds>(std::chrono::days(7), std::chrono::floor<std::chrono::seconds>(8 * usual()));
  }

  std::vector<Window> windows_;
};

}  // namespace ubiety::test
