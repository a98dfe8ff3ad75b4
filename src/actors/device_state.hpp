// What a shard says of one device. Plain values, any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "domain/status.hpp"
#include "domain/timestamp.hpp"
#include "fleet/problem.hpp"

namespace ubiety {

struct DeviceState {
  Status status;                     // the latest
  Timestamp last_heard;              // when the last accepted report was received, also a late or a repeated one
  std::optional<Timestamp> was_due;  // of a silent device: when a report was due at the latest

  bool is_stale() const { return was_due.has_value(); }

  friend bool operator==(const DeviceState&, const DeviceState&) = default;
};

// All that a shard knows of one device at the moment.
struct DeviceDetails {
  DeviceState state;
  std::string group;                                 // its name; empty without one
  std::optional<std::chrono::milliseconds> usual{};  // its rhythm, once it is known
  std::optional<Timestamp> due{};                    // of a device that is not silent: when it will be, if not heard
  std::vector<Problem> problems{};                   // the worst first
  bool is_in_outage = false;                         // it is silent, and its group is out
  std::optional<Timestamp> muted_until{};            // nullopt: it is not muted
};

inline std::optional<Status> status_of(const std::optional<DeviceDetails>& details) {
  return details ? std::optional(details->state.status) : std::nullopt;
}

}  // namespace ubiety
