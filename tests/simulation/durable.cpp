#include "simulation/durable.hpp"

#include <algorithm>

namespace ubiety::simulation {
namespace {

void take_newer(LatestMap& map, const DeviceId& device_id, const Status& status) {
  const auto [place, is_first] = map.try_emplace(device_id, status);
  if (!is_first && newer_than(status, place->second)) place->second = status;
}

}  // namespace

void SpoolContent::remove_through(std::int64_t last) {
  for (; last_removed < last && !waiting.empty(); ++last_removed) waiting.pop_front();
  if (waiting.empty()) last_removed = 0;
}

bool Durable::has(const StatusUpdate& update) const {
  const auto key = key_of(update.status);
  if (const auto device = rows.find(update.device_id); device != rows.end())
    if (const auto row = device->second.find(key); row != device->second.end())
      if (row->second.received >= update.status.received) return true;
  return std::any_of(spool.waiting.begin(), spool.waiting.end(), [&](const StatusUpdate& spooled) {
    return spooled.device_id == update.device_id && key_of(spooled.status) == key &&
           spooled.status.received >= update.status.received;
  });
}

std::string text_of(const Status& status) {
  return format_timestamp(status.timestamp) + "/" + std::to_string(status.battery_level) + "/" +
         std::to_string(status.rssi) + " received " + format_timestamp(status.received);
}

std::string text_of(const std::optional<Status>& status) { return status ? text_of(*status) : "nothing"; }

std::string text_of(const StatusUpdate& update) { return update.device_id + " " + text_of(update.status); }

LatestMap latest_of_all_rows(const Durable& durable) {
  LatestMap map;
  for (const auto& [device_id, rows] : durable.rows)
    for (const auto& [key, status] : rows) take_newer(map, device_id, status);
  for (const auto& [device_id, status] : durable.spool.waiting) take_newer(map, device_id, status);
  return map;
}

LatestMap latest_of_a_start(const Durable& durable) {
  auto map = durable.latest;
  for (const auto& [device_id, rows] : durable.rows)
    for (const auto& [key, status] : rows)
      if (status.received >= durable.watermark) take_newer(map, device_id, status);
  for (const auto& [device_id, status] : durable.spool.waiting) take_newer(map, device_id, status);
  return map;
}

}  // namespace ubiety::simulation
