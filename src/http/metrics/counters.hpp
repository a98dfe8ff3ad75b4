// What the server counts beside requests: connections, updates, scans. The loop's thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "actors/parcel.hpp"
#include "http/http1/refusal.hpp"
#include "telemetry/histogram.hpp"

namespace ubiety::http {

struct ConnectionMetrics {
  std::size_t limit;
  std::size_t open = 0;
  std::uint64_t accepted = 0;
  std::array<std::uint64_t, gate::reason_count> refused{};  // requests, by gate::Reason

  void note_refusal(gate::Reason reason) { ++refused[static_cast<std::size_t>(reason)]; }
};

struct UpdateMetrics {
  static constexpr std::size_t outcomes = static_cast<std::size_t>(UpdateOutcome::refused) + 1;

  std::array<std::uint64_t, outcomes> by_outcome{};
  // The time of receipt minus the device's own: how late reports arrive or, below 0, how far clocks are ahead.
  Histogram clock_error_seconds{-3600, -300, -60, -10, -1, 0, 1, 10, 60, 300, 3600, 86400};

  void note(UpdateOutcome outcome) { ++by_outcome[static_cast<std::size_t>(outcome)]; }
  void note_times(const Status& status) {
    constexpr double microseconds_in_a_second = 1e6;
    clock_error_seconds.observe(static_cast<double>(status.received.microseconds - status.timestamp.microseconds) /
                                microseconds_in_a_second);
  }
};

// Scans of the shards for summaries.
struct ScanMetrics {
  std::size_t running = 0, waiting = 0;
  std::uint64_t finished = 0;
  std::uint64_t refused = 0;    // too many scans, or too many unread bytes
  std::uint64_t abandoned = 0;  // all clients had gone
};

}  // namespace ubiety::http
