// How long a device is usually quiet: its rhythm, learned from the gaps between its reports, in 12 bytes.
//
// The rhythm keeps four gaps: the two longest of the present window and the two longest of the window before. A window
// lasts max(7 days, 8 x usual()). usual() is the second longest of the four, so one long gap, such as a holiday, does
// not count, and neither do bursts of short ones. docs/decisions/0040 compares this with other rules. One thread at a
// time.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "fleet/listening_time.hpp"

namespace ubiety {

// A gap in 16 bits: a binary floating-point number of quarters of a second, with 4 bits of exponent above 12 bits of
// mantissa. Exact up to 34 minutes; above that rounded down by less than 1/4096 of the gap. Larger numbers mean longer
// gaps, and each number means one.
class GapCode {
 public:
  // 388 days. A longer gap counts as this one.
  static constexpr QuarterSeconds longest{std::int64_t{8191} << 14};

  constexpr GapCode() = default;
  constexpr explicit GapCode(std::uint16_t bits) : bits_(bits) {}
  // A negative gap counts as 0.
  static GapCode of(std::chrono::milliseconds gap);

  constexpr std::uint16_t bits() const { return bits_; }
  constexpr QuarterSeconds gap() const {
    const std::int64_t mantissa = bits_ & 0xFFF;
    const int exponent = bits_ >> 12;
    return QuarterSeconds(exponent == 0 ? mantissa : (mantissa + 4096) << (exponent - 1));
  }

  friend constexpr auto operator<=>(GapCode, GapCode) = default;

 private:
  std::uint16_t bits_ = 0;
};

class Rhythm {
 public:
  static constexpr std::chrono::seconds shortest_window = std::chrono::days(7);
  static constexpr int gaps_to_know = 3;

  // Learns a completed gap between two reports. `now`: the time of the second report, never before that of an earlier
  // call.
  void learn(std::chrono::milliseconds gap, ListeningTime now);

  // The second longest of the four gaps, rounded down as GapCode does; 0 before the second gap. It falls only by
  // learn(), and only from window_end() on.
  QuarterSeconds usual() const { return usual_code().gap(); }

  // Whether it has learned at least three gaps. A device that was quiet for two windows is a stranger again.
  bool is_known() const { return known_ == gaps_to_know; }

  // Whether the gaps that it knows show two whole days: it began to learn at least 49 hours before `now`. A device may
  // be quiet by night, and one night does not count.
  bool knows_two_days(ListeningTime now) const;

  // When learn() begins a new window and forgets the window before, at the earliest; and what usual() cannot fall below
  // then. Without meaning before the first gap.
  ListeningTime window_end() const { return ListeningTime(std::chrono::seconds(start_) + window()); }
  QuarterSeconds usual_after_window() const { return current_[1].gap(); }
  // When learn() forgets all, at the earliest.
  ListeningTime forgets_at() const { return ListeningTime(std::chrono::seconds(start_) + 2 * window()); }

  // The form in a database: five big-endian numbers without padding. The two gaps of the present window and the two of
  // the window before, each longer one first (16 bits each, GapCode). Then 32 bits: the number of learned gaps, at most
  // 3, in the upper 2 bits; in the other 30 bits, when the window began, in seconds of listening time.
  using Bytes = std::array<std::byte, 12>;
  Bytes to_bytes() const;
  // Any bytes are a rhythm. What to_bytes() returned is the same rhythm again.
  static Rhythm from_bytes(const Bytes& bytes);

  friend bool operator==(const Rhythm&, const Rhythm&) = default;

 private:
  using Pair = std::array<GapCode, 2>;  // the longer one first

  GapCode usual_code() const;
  std::chrono::seconds window() const;
  void turn_window(std::int64_t now);

  Pair current_{}, previous_{};
  std::uint32_t known_ : 2 = 0;
  std::uint32_t start_ : 30 = 0;  // of the present window, in seconds; lasts for 34 years
};

static_assert(sizeof(Rhythm) == 12);

}  // namespace ubiety
