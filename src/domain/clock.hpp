// The clocks of the service: the time of day, the times of receipt, and a time of day that one can rely on. Whatever
// needs the time is handed a Clock, so that tests control it.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "domain/timestamp.hpp"

namespace ubiety {

class Clock {
 public:
  virtual ~Clock() = default;

  // The time of day in UTC. It jumps if the machine's clock is set. Any thread.
  virtual Timestamp now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  Timestamp now() const override {
    using namespace std::chrono;
    return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
  }
};

// For deadlines. It never jumps.
using SteadyTime = std::chrono::steady_clock::time_point;

// Assigns each update its time of receipt; each is later than the one before. So two updates of one node are never
// received at the same time. A clock that is set back by less than a second cannot make a later report look older. The
// loop's thread.
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

// The time of day for what cannot be undone, such as the expiry of a history. It follows the machine's clock backwards
// at once. It believes a jump ahead only after the machine's clock has stayed ahead for an hour; until then it advances
// with the steady clock. One thread.
class SettledClock {
 public:
  explicit SettledClock(const Clock& clock) : SettledClock(clock, std::chrono::steady_clock::now()) {}
  SettledClock(const Clock& clock, SteadyTime steady_now) : clock_(clock), ahead_of_steady_(difference(steady_now)) {}

  // Call it at least every few minutes: it notices jumps only when it is called.
  Timestamp now() { return now(std::chrono::steady_clock::now()); }

  Timestamp now(SteadyTime steady_now) {
    const auto difference = this->difference(steady_now);
    const bool is_ahead = difference > ahead_of_steady_ + tolerance;
    if (is_ahead && !jumped_) jumped_ = steady_now;
    if (!is_ahead || steady_now - *jumped_ >= time_to_settle) {
      ahead_of_steady_ = difference;
      jumped_.reset();
    }
    return Timestamp{} + (in_microseconds(steady_now) + ahead_of_steady_);
  }

 private:
  using microseconds = std::chrono::microseconds;

  static constexpr microseconds tolerance = std::chrono::seconds(1);
  static constexpr auto time_to_settle = std::chrono::hours(1);

  static microseconds in_microseconds(SteadyTime time) {
    return std::chrono::duration_cast<microseconds>(time.time_since_epoch());
  }
  microseconds difference(SteadyTime steady_now) const {
    return microseconds(clock_.now().microseconds) - in_microseconds(steady_now);
  }

  const Clock& clock_;
  microseconds ahead_of_steady_;
  std::optional<SteadyTime> jumped_;  // when the machine's clock was first seen ahead; nullopt if it is not
};

}  // namespace ubiety
