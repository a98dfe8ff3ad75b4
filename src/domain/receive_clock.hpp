// Gives each update the time at which it was received, rising strictly. So "last received" is never a tie on one node,
// and a clock that is set back by less than a second cannot make a later report look older.
#pragma once

#include <algorithm>
#include <chrono>

#include "domain/clock.hpp"

namespace ubiety {

// One thread: the one that takes requests.
class ReceiveClock {
 public:
  // How far the times of receipt may be ahead of the machine's clock, for the sake of their order.
  static constexpr std::chrono::seconds most_ahead{1};

  Timestamp next(Timestamp now) { return last_ = std::max(now, last_ + std::chrono::microseconds(1)); }

  // Whether the next time would be too far ahead: the clock was ahead when an earlier one was given.
  bool is_ahead_of(Timestamp now) const { return last_ > now + most_ahead; }
  Timestamp last() const { return last_; }

  // The next time is `now`.
  void step_back_to(Timestamp now) { last_ = now - std::chrono::microseconds(1); }

  // What a start found in the store was received up to then: nothing is received earlier.
  void start_after(Timestamp stored) {
    if (stored == stored_) return;
    stored_ = stored;
    last_ = std::max(last_, stored);
  }

 private:
  Timestamp last_{}, stored_{};
};

}  // namespace ubiety
