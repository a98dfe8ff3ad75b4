// How fast a device's battery falls, learned in 4 bytes: the level and the time from which a drop is measured. One
// thread at a time.
//
// A drop is measured from one change of the level to another, so it does not matter whether a device reports each point
// or only tens. The level of the first report does not count: it may be about to change.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "domain/timestamp.hpp"

namespace ubiety {

class BatteryTrend {
 public:
  // Percentage points. A drop by so many shows how fast the battery falls.
  static constexpr int least_drop = 5;
  // A level that rises by more was charged; what is less is noise.
  static constexpr int noise = 2;
  // A battery that lasts longer does not fall to speak of.
  static constexpr double longest_days = 28;
  // The days to empty of such a battery, and of one that was charged.
  static constexpr double never = std::numeric_limits<double>::infinity();

  // A report with this level, 0 to 100, became the latest. Returns the days until the battery is empty if the report
  // shows them; else the last answer holds.
  std::optional<double> note(std::uint8_t level, Timestamp received);

  // The form in a database; any bits are a trend. The time in the upper 23 bits, in units of two minutes since
  // 2024-01-01T00:00:00Z; then the level, in 7 bits; then 0 if nothing is known, 1 if only the level, 2 if both.
  std::uint32_t bits() const { return std::uint32_t{time_} << 9 | std::uint32_t{level_} << 2 | std::uint32_t{known_}; }
  static BatteryTrend from_bits(std::uint32_t bits);

  friend bool operator==(const BatteryTrend&, const BatteryTrend&) = default;

 private:
  enum Known : std::uint32_t { nothing, level_only, level_and_time };

  void measure_from(std::uint32_t level, std::uint32_t time, Known known);

  std::uint32_t time_ : 23 = 0;
  std::uint32_t level_ : 7 = 0;
  std::uint32_t known_ : 2 = nothing;
};

static_assert(sizeof(BatteryTrend) == 4);

}  // namespace ubiety
