// The rule for a device's name: 1 to 255 Unicode characters, none of them a control character, and not the word that
// the path GET /status/summary has taken. Any thread.
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

enum class DeviceIdFault { empty, too_long, control_character, reserved, not_utf8 };

// What is wrong with `text` as a device's name, or nullopt.
std::optional<DeviceIdFault> check_device_id(std::string_view text);

}  // namespace ubiety
