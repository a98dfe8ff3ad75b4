// Assigns each update its time of receipt; each is later than the one before. So two updates of one node are never
// received at the same time. A clock that is set back by less than a second cannot make a later report look older. The
// loop's thread.
#pragma once

#include <algorithm>
#include <chrono>

#include "domain/clock.hpp"

namespace ubiety {

class ReceiveClock {
 public:
  // How far times of receipt may run ahead of the machine's clock to stay in order.
  static constexpr std::chrono::seconds max_ahead{1};

  Timestamp next(Timestamp now) { return last_ = std::max(now, last_ + std::chrono::microseconds(1)); }

  // Whether the next time would run ahead by more than max_ahead, because the machine's clock was ahead earlier.
  bool is_ahead_of(Timestamp now) const { return last_ > now + max_ahead; }
  Timestamp last() const { return last_; }

  // Makes `now` the next time.
  void step_back_to(Timestamp now) { last_ = now - std::chrono::microseconds(1); }

  // Makes every later time later than `stored`, the newest time of receipt that a start found in the store.
  void start_after(Timestamp stored) {
    if (stored == stored_) return;
    stored_ = stored;
    last_ = std::max(last_, stored);
  }

 private:
  Timestamp last_{}, stored_{};
};

}  // namespace ubiety
