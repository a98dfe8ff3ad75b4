#include "fleet/battery_trend.hpp"

#include <algorithm>
#include <chrono>

namespace ubiety {
namespace {

constexpr auto unit = std::chrono::minutes(2);
constexpr Timestamp first_time{1'704'067'200'000'000};  // 2024-01-01T00:00:00Z
constexpr std::uint32_t last_unit = (1U << 23) - 1;     // in 2055

std::uint32_t to_units(Timestamp time) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>((time - first_time) / unit, 0, last_unit));
}

double days_of(std::uint32_t units) {
  return std::chrono::duration<double, std::chrono::days::period>(units * unit).count();
}

}  // namespace

std::optional<double> BatteryTrend::note(std::uint8_t level, Timestamp received) {
  const auto now = to_units(received);
  const int drop = static_cast<int>(level_) - level;
  if (known_ == nothing || drop < -noise) {
    const bool was_charged = known_ != nothing;
    measure_from(level, now, level_only);
    return was_charged ? std::optional(never) : std::nullopt;
  }
  if (known_ == level_only) {
    if (drop != 0) measure_from(level, now, drop > 0 ? level_and_time : level_only);
    return std::nullopt;
  }
  const auto elapsed = days_of(std::max<std::uint32_t>(now > time_ ? now - time_ : 0, 1));
  const auto days_to_empty = elapsed * level / std::max(drop, least_drop);
  if (drop >= least_drop)
    measure_from(level, now, level_and_time);
  else if (days_to_empty < longest_days)
    return std::nullopt;
  return days_to_empty < longest_days ? days_to_empty : never;
}

void BatteryTrend::measure_from(std::uint32_t level, std::uint32_t time, Known known) {
  level_ = level & 0x7F;
  time_ = time & last_unit;
  known_ = known & 3;
}

BatteryTrend BatteryTrend::from_bits(std::uint32_t bits) {
  BatteryTrend trend;
  trend.measure_from(bits >> 2 & 0x7F, bits >> 9,
                     static_cast<Known>(std::min<std::uint32_t>(bits & 3, level_and_time)));
  return trend;
}

}  // namespace ubiety
