// How often a device went away lately, fell silent or reported that it is offline, in 15 bits. One thread at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "domain/timestamp.hpp"

namespace ubiety {

class Departures {
 public:
  // Seven count as many as there were.
  static constexpr unsigned most = 7;

  // The device went away. Returns how often it did in this hour and the last, so in up to two hours; at most twice
  // `most`.
  unsigned note(Timestamp now) {
    turn_to(now);
    this_hour_ = std::min<std::uint16_t>(this_hour_ + 1, most) & most;
    return this_hour_ + last_hour_;
  }

  unsigned count(Timestamp now) const {
    auto turned = *this;
    turned.turn_to(now);
    return turned.this_hour_ + turned.last_hour_;
  }

  // The form in a database, 15 bits; any bits are departures. The hour modulo 512, 9 bits, above the counts of this
  // hour and of the last.
  std::uint16_t bits() const { return static_cast<std::uint16_t>(hour_ << 6 | this_hour_ << 3 | last_hour_); }
  friend bool operator==(const Departures&, const Departures&) = default;
  static Departures from_bits(std::uint16_t bits) {
    Departures departures;
    departures.hour_ = bits >> 6 & last_number;
    departures.this_hour_ = bits >> 3 & most;
    departures.last_hour_ = bits & most;
    return departures;
  }

 private:
  static constexpr std::uint16_t last_number = 511;

  // Hours are numbered modulo 512, so a count of three weeks ago may count for one of now.
  void turn_to(Timestamp now) {
    const auto hours = std::chrono::floor<std::chrono::hours>(std::chrono::microseconds(now.microseconds)).count();
    const auto hour = static_cast<std::uint16_t>(hours & last_number);
    const auto passed = static_cast<std::uint16_t>((hour - hour_) & last_number);
    if (passed == 0) return;
    last_hour_ = passed == 1 ? this_hour_ : 0;
    this_hour_ = 0;
    hour_ = hour & last_number;
  }

  std::uint16_t hour_ : 9 = 0;
  std::uint16_t this_hour_ : 3 = 0;
  std::uint16_t last_hour_ : 3 = 0;
};

static_assert(sizeof(Departures) == 2);

}  // namespace ubiety
