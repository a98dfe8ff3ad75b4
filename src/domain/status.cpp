#include "domain/status.hpp"

#include <algorithm>

#include "domain/text.hpp"

namespace ubiety {
std::optional<DeviceIdFault> check_device_id(std::string_view text) {
  if (text.empty()) return DeviceIdFault::empty;
  const auto characters = count_characters(text);
  if (!characters) return DeviceIdFault::not_utf8;
  if (*characters > max_device_id_length) return DeviceIdFault::too_long;
  if (std::any_of(text.begin(), text.end(), ascii::is_control)) return DeviceIdFault::control_character;
  return check_reserved(text);
}

std::optional<DeviceIdFault> check_reserved(std::string_view text) {
  if (text == reserved_device_id) return DeviceIdFault::reserved;
  if (text == "." || text == "..") return DeviceIdFault::dot_segment;
  return std::nullopt;
}

std::string_view rule_of(DeviceIdFault fault) {
  switch (fault) {
    case DeviceIdFault::empty: return "a device id has at least 1 character";
    case DeviceIdFault::too_long: return "a device id has at most 255 characters";
    case DeviceIdFault::control_character: return "a device id has no control characters (U+0000 to U+001F, U+007F)";
    case DeviceIdFault::reserved: return "this device id is reserved: GET /status/summary is taken";
    case DeviceIdFault::dot_segment: return "a device id is neither . nor .., which clients remove from a path";
    case DeviceIdFault::not_utf8: return "a device id is valid UTF-8";
  }
  return {};
}

}  // namespace ubiety
