#include "simulation/durable.hpp"

#include <algorithm>

namespace ubiety::simulation {
namespace {

void take_newer(LatestMap& map, const Durable& durable, const DeviceId& device_id, const Status& status) {
  if (durable.is_removed(device_id, status)) return;
  const auto [place, is_first] = map.try_emplace(device_id, status);
  if (!is_first && newer_than(status, place->second)) place->second = status;
}

void take_rows(LatestMap& map, const Durable& durable) {
  for (const auto& row : durable.log)
    for (const auto& [device_id, status] : durable.unmerged(row)) take_newer(map, durable, device_id, status);
  for (const auto& row : durable.spool)
    for (const auto& [device_id, status] : row.updates) take_newer(map, durable, device_id, status);
}

}  // namespace

bool Durable::has_merged(log::Position position, const DeviceId& device_id) const {
  const bool is_in_log =
      std::any_of(log.begin(), log.end(), [&](const log::Row& row) { return row.position == position; });
  const auto stream = streams.find(position.stream);
  if (!is_in_log) return stream != streams.end() && position.sequence <= stream->second.last;
  return merge && merge->through.has(position) && device_id <= merge->reached;
}

bool Durable::has(const StatusUpdate& update) const {
  const auto is_same = [&](const Status& status) { return same_report(status, update.status); };
  const auto device = history.find(update.device_id);
  if (device != history.end() && std::any_of(device->second.begin(), device->second.end(), is_same)) return true;
  const auto has_row = [&](const log::Row& row) {
    return std::any_of(row.updates.begin(), row.updates.end(), [&](const StatusUpdate& each) {
      return each.device_id == update.device_id && is_same(each.status);
    });
  };
  return std::any_of(log.begin(), log.end(), has_row) || std::any_of(spool.begin(), spool.end(), has_row);
}

bool Durable::is_removed(const DeviceId& device_id, const Status& status) const {
  const auto removal = removals.find(device_id);
  return removal != removals.end() && ubiety::is_removed(status, removal->second.at);
}

std::vector<StatusUpdate> Durable::unmerged(const log::Row& row) const {
  auto updates = row.updates;
  std::erase_if(updates, [&](const StatusUpdate& update) { return has_merged(row.position, update.device_id); });
  return updates;
}

std::string text_of(const Status& status) {
  return format_timestamp(status.timestamp) + "/" + std::to_string(status.battery_level) + "/" +
         std::to_string(status.rssi) + " received " + format_timestamp(status.received);
}

std::string text_of(const std::optional<Status>& status) { return status ? text_of(*status) : "nothing"; }

std::string text_of(const StatusUpdate& update) { return update.device_id + " " + text_of(update.status); }

LatestMap latest_of_all_records(const Durable& durable) {
  LatestMap map;
  for (const auto& [device_id, records] : durable.history)
    for (const auto& status : records) take_newer(map, durable, device_id, status);
  take_rows(map, durable);
  return map;
}

LatestMap latest_of_a_start(const Durable& durable) {
  LatestMap map;
  for (const auto& [device_id, latest] : durable.latest) take_newer(map, durable, device_id, latest.update.status);
  take_rows(map, durable);
  return map;
}

}  // namespace ubiety::simulation
