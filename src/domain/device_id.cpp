#include "domain/device_id.hpp"

#include <algorithm>

#include "domain/utf8.hpp"

namespace ubiety {
namespace {

bool is_control_character(char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }

}  // namespace

std::optional<DeviceIdFault> check_device_id(std::string_view text) {
  if (text.empty()) return DeviceIdFault::empty;
  const auto characters = count_characters(text);
  if (!characters) return DeviceIdFault::not_utf8;
  if (*characters > longest_device_id) return DeviceIdFault::too_long;
  if (std::any_of(text.begin(), text.end(), is_control_character)) return DeviceIdFault::control_character;
  if (text == reserved_device_id) return DeviceIdFault::reserved;
  return std::nullopt;
}

}  // namespace ubiety
