#include "simulation/durable.hpp"

namespace ubiety::simulation {
namespace {

void take_newer(LatestMap& map, const DeviceId& device_id, const Status& status) {
  const auto [place, is_first] = map.try_emplace(device_id, status);
  if (!is_first && newer_than(status, place->second)) place->second = status;
}

}  // namespace

const Status* Durable::row_of(const StatusUpdate& update) const {
  const auto device = rows.find(update.device_id);
  if (device == rows.end()) return nullptr;
  const auto row = device->second.find(key_of(update.status));
  return row == device->second.end() ? nullptr : &row->second;
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
  return map;
}

LatestMap latest_of_a_start(const Durable& durable) {
  auto map = durable.latest;
  for (const auto& [device_id, rows] : durable.rows)
    for (const auto& [key, status] : rows)
      if (status.received >= durable.watermark) take_newer(map, device_id, status);
  return map;
}

}  // namespace ubiety::simulation
