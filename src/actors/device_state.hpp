// What a shard says of one device. Plain values, any thread.
#pragma once

#include <optional>

#include "domain/status.hpp"
#include "domain/timestamp.hpp"

namespace ubiety {

struct DeviceState {
  Status status;                     // the latest
  Timestamp last_heard;              // when the last accepted report was received, also a late or a repeated one
  std::optional<Timestamp> was_due;  // of a silent device: when a report was due at the latest

  bool is_stale() const { return was_due.has_value(); }

  friend bool operator==(const DeviceState&, const DeviceState&) = default;
};

inline std::optional<Status> status_of(const std::optional<DeviceState>& state) {
  return state ? std::optional(state->status) : std::nullopt;
}

}  // namespace ubiety
