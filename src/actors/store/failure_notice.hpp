// Decides which of many attempts that fail is worth a line in the log: the first of each reason at once, and one that
// lasts again and again, at growing intervals. One thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "domain/clock.hpp"

namespace ubiety {

class FailureNotice {
 public:
  static constexpr std::chrono::seconds first_interval{5}, longest_interval{300};

  // Whether to log this failure now.
  bool is_due(std::string_view reason, SteadyTime now) {
    const bool is_new = reason != reason_;
    if (!is_new && now < next_) return false;
    interval_ = is_new ? first_interval : std::min(2 * interval_, longest_interval);
    next_ = now + interval_;
    reason_ = reason;
    return true;
  }

  // The attempts succeed again: the next failure is news.
  void reset() { reason_.clear(); }

 private:
  std::string reason_;  // of the last line; empty before the first
  SteadyTime next_{};
  std::chrono::seconds interval_{};
};

}  // namespace ubiety
