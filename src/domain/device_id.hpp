// The rule for a device's name: 1 to 255 Unicode characters, none of them a control character, and no name that
// GET /status/{device_id} cannot ask for. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety {

// A name that passed check_device_id, in UTF-8. A plain string, because it is copied on the way of every update.
using DeviceId = std::string;

inline constexpr std::size_t longest_device_id = 255;  // characters
inline constexpr std::string_view reserved_device_id = "summary";

enum class DeviceIdFault {
  empty,
  too_long,
  control_character,
  reserved,
  dot_segment,  // `.` or `..`, which clients remove from a path (RFC 3986, 5.2.4)
  not_utf8,
};

// What is wrong with `text` as a device's name, or nullopt.
std::optional<DeviceIdFault> check_device_id(std::string_view text);

// Only whether GET /status/{device_id} could ask for it: `reserved`, `dot_segment`, or nullopt.
std::optional<DeviceIdFault> check_reserved(std::string_view text);

// The rule that a name breaks, for a person.
std::string_view rule_of(DeviceIdFault fault);

}  // namespace ubiety
