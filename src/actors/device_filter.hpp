// Selects devices by what a shard knows of them: for summaries, and for whatever else is about the devices that a
// client describes. Values; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "domain/status.hpp"
#include "fleet/outage.hpp"
#include "fleet/problem.hpp"

namespace ubiety {

// What a filter looks at.
struct FilteredDevice {
  std::string_view device_id;
  Status status;  // the latest
  bool is_silent;
  std::chrono::milliseconds unheard;  // how long ago it was last heard, in listening time
};

// Devices by their problems.
struct ProblemFilter {
  enum class Which {
    one,     // those that have `kind`
    any,     // those that have one or another
    outage,  // those that are silent while their group is out
  };
  Which which = Which::any;
  ProblemKind kind{};

  friend bool operator==(const ProblemFilter&, const ProblemFilter&) = default;
};

// What is absent or empty selects every device.
struct DeviceFilter {
  std::optional<bool> online{};
  std::optional<int> battery_below{};                // percent, exclusive
  std::optional<int> rssi_below{};                   // dBm, exclusive
  std::optional<bool> stale{};                       // whether it is silent
  std::optional<std::chrono::seconds> silent_for{};  // silent, and not heard for at least this long
  std::optional<ProblemFilter> problem{};
  std::optional<GroupNumber> group{};
  std::optional<bool> muted{};
  std::string prefix{};  // of the device id
  std::string part{};    // of the device id, anywhere; in lower case, see ascii::to_lower

  // Whether every device matches.
  bool is_empty() const { return *this == DeviceFilter{}; }
  // Whether a device may match or cease to match while DeviceTable::version does not change.
  bool changes_without_version() const { return silent_for || problem || group || muted; }

  // Whether a device that matches always will.
  bool is_of_ids_alone() const;

  // Whether all matches but what DeviceTable looks at.
  bool matches(const FilteredDevice& device) const;
  // Whether a device with this id may match.
  bool matches_id(std::string_view device_id) const;

  friend bool operator==(const DeviceFilter&, const DeviceFilter&) = default;
};

}  // namespace ubiety
