// Gives each update the time at which it was received, strictly rising. So "last received" is never a tie on one node,
// and a clock that is set back cannot make a later report look older, nor slip it past the checkpoint's watermark.
#pragma once

#include <algorithm>

#include "domain/clock.hpp"

namespace ubiety {

// One thread: the one that takes requests.
class ReceiveClock {
 public:
  explicit ReceiveClock(const Clock& clock) : clock_(clock) {}

  Timestamp next() { return next(clock_.now()); }

  // The same with the time already at hand.
  Timestamp next(Timestamp now) { return last_ = std::max(now, last_ + std::chrono::microseconds(1)); }

  // After a restart: nothing is received earlier than what is already stored.
  void start_after(Timestamp stored) { last_ = std::max(last_, stored); }

 private:
  const Clock& clock_;
  Timestamp last_{};
};

}  // namespace ubiety
