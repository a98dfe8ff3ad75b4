// What became of the updates that came in. The loop's thread.
#pragma once

#include <array>
#include <cstdint>

#include "actors/messages.hpp"
#include "telemetry/histogram.hpp"

namespace ubiety::http {

struct UpdateMetrics {
  static constexpr std::size_t outcomes = static_cast<std::size_t>(UpdateOutcome::refused) + 1;

  std::array<std::uint64_t, outcomes> by_outcome{};
  // The time of receipt less the device's own: how late reports come, or below 0, how far clocks are ahead.
  Histogram clock_error_seconds{-3600, -300, -60, -10, -1, 0, 1, 10, 60, 300, 3600, 86400};

  void note(UpdateOutcome outcome) { ++by_outcome[static_cast<std::size_t>(outcome)]; }
  void note_times(const Status& status) {
    constexpr double microseconds_in_a_second = 1e6;
    clock_error_seconds.observe(static_cast<double>(status.received.microseconds - status.timestamp.microseconds) /
                                microseconds_in_a_second);
  }
};

}  // namespace ubiety::http
