// Selects the devices of a summary. A plain value, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/status_update.hpp"

namespace ubiety {

struct DeviceFilter {
  // A device is stale if nothing was received from it since `reported_before`.
  struct Staleness {
    bool is_stale;
    Timestamp reported_before;

    friend bool operator==(const Staleness&, const Staleness&) = default;
  };

  std::optional<bool> online;
  std::optional<int> battery_below;  // percent, exclusive
  std::optional<Staleness> staleness;
  std::string prefix;  // of the device id; empty for any

  // Whether every device matches.
  bool is_empty() const { return !online && !battery_below && !staleness && prefix.empty(); }

  bool matches(std::string_view device_id, const Status& status) const {
    if (online && status.online != *online) return false;
    if (battery_below && status.battery_level >= *battery_below) return false;
    if (staleness && (status.received < staleness->reported_before) != staleness->is_stale) return false;
    return device_id.starts_with(prefix);
  }

  friend bool operator==(const DeviceFilter&, const DeviceFilter&) = default;
};

}  // namespace ubiety
