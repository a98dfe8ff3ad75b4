#include "actors/device_filter.hpp"

#include <algorithm>

#include "domain/text.hpp"

namespace ubiety {
namespace {

// `part` is in lower case.
bool has_part(std::string_view text, std::string_view part) {
  const auto is_same = [](char in_text, char in_part) { return ascii::to_lower(in_text) == in_part; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), is_same) != text.end();
}

}  // namespace

bool DeviceFilter::is_of_ids_alone() const {
  DeviceFilter of_ids;
  of_ids.prefix = prefix;
  of_ids.part = part;
  return *this == of_ids;
}

// What needs no text comes first: a shard asks about each of its devices.
bool DeviceFilter::matches(const FilteredDevice& device) const {
  const auto& status = device.status;
  if (online && status.online != *online) return false;
  if (battery_below && status.battery_level >= *battery_below) return false;
  if (rssi_below && status.rssi >= *rssi_below) return false;
  if (stale && device.is_silent != *stale) return false;
  if (silent_for && (!device.is_silent || device.unheard < *silent_for)) return false;
  return matches_id(device.device_id);
}

bool DeviceFilter::matches_id(std::string_view device_id) const {
  return device_id.starts_with(prefix) && (part.empty() || has_part(device_id, part));
}

}  // namespace ubiety
