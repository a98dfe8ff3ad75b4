#include "http/resources/filter_parameters.hpp"

#include "domain/status.hpp"
#include "domain/text.hpp"

namespace ubiety::http {

DeviceFilter read_filter(QueryReader& reader) {
  DeviceFilter filter;
  filter.online = reader.boolean("online");
  if (const auto below = reader.integer("battery_below", min_battery_level, max_battery_level + 1))
    filter.battery_below = static_cast<int>(*below);
  if (const auto below = reader.integer("rssi_below", min_rssi, max_rssi + 1))
    filter.rssi_below = static_cast<int>(*below);
  filter.stale = reader.boolean("stale");
  filter.silent_for = reader.duration("silent_for");
  if (const auto prefix = reader.utf8_text("prefix")) filter.prefix = *prefix;
  if (const auto part = reader.utf8_text("q")) filter.part = ascii::to_lower(*part);
  return filter;
}

}  // namespace ubiety::http
