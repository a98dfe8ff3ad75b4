// The members of a device that a client may choose for an answer. Constants and values, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ubiety {

enum class DeviceMember : std::uint8_t {
  device_id,
  battery_level,
  online,
  last_update,
  rssi,
  last_heard,
  stale,
  was_due,
  group,
  usual_seconds,
  due,
  problems,
  muted,
  outage,
};

// In the order of DeviceMember.
inline constexpr std::array<std::string_view, 14> device_member_names{
    "device_id", "battery_level", "online",        "last_update", "rssi",     "last_heard", "stale",
    "was_due",   "group",         "usual_seconds", "due",         "problems", "muted",      "outage"};

// In the order in which they are shown. Empty: the members that a summary shows unless its client chooses.
using DeviceMembers = std::vector<DeviceMember>;

}  // namespace ubiety
