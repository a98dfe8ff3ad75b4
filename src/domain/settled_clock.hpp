// The time of day for what cannot be undone, such as the expiry of a history. It follows the machine's clock backwards
// at once. It believes a jump ahead only after the machine's clock has stayed ahead for an hour; until then it advances
// with the steady clock. One thread.
#pragma once

#include <chrono>
#include <optional>

#include "domain/clock.hpp"

namespace ubiety {

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
