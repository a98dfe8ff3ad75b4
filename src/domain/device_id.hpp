// The rules for a device id: 1 to 255 Unicode characters, no control character, and no name that
// GET /status/{device_id} cannot address. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety {

// An id that passed check_device_id, in UTF-8. A plain string, because every update copies it.
using DeviceId = std::string;

inline constexpr std::size_t max_device_id_length = 255;  // characters
inline constexpr std::string_view reserved_device_id = "summary";

enum class DeviceIdFault {
  empty,
  too_long,
  control_character,
  reserved,
  dot_segment,  // `.` or `..`, which clients remove from a path (RFC 3986, 5.2.4)
  not_utf8,
};

// Returns what is wrong with `text` as a device id; nullopt if it is valid.
std::optional<DeviceIdFault> check_device_id(std::string_view text);

// Returns why GET /status/{device_id} cannot address `text`: `reserved`, `dot_segment`, or nullopt if it can.
std::optional<DeviceIdFault> check_reserved(std::string_view text);

// The rule that an id breaks, for a person.
std::string_view rule_of(DeviceIdFault fault);

}  // namespace ubiety
