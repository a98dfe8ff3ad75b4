#include "actors/shard/device_removal.hpp"

#include <algorithm>
#include <memory>

#include "domain/status.hpp"

namespace ubiety {

FoundDevices DeviceRemoval::find(const FindDevices& request, ListeningTime now) const {
  FoundDevices found{std::make_shared<std::vector<log::Removal>>(), request.next, false};
  const auto& [device_id, filter] = *request.selection;
  if (device_id) {
    if (const auto device = table_.number_of(*device_id)) found.removals->push_back(removal_of(*device, request.at));
    return found;
  }
  const auto end = std::min(table_.numbers(), request.next + devices_looked_at_a_time);
  for (; found.next < end; ++found.next) {
    const auto device = static_cast<std::uint32_t>(found.next);
    if (table_.has(device) && table_.matches(filter, device, now))
      found.removals->push_back(removal_of(device, request.at));
  }
  found.more = end < table_.numbers();
  return found;
}

// If the clocks of both device and service ran ahead, some of the device's updates have later times than `at`.
log::Removal DeviceRemoval::removal_of(std::uint32_t device, Timestamp at) const {
  const auto newest = std::min(table_.newest_timestamp(device), table_.last_heard(device));
  return {table_.at(device).device_id, std::max(at, newest)};
}

// A device that has reported since its removal begins again.
void DeviceRemoval::forget(const std::vector<log::Removal>& removals, ListeningTime now) {
  std::vector<std::uint32_t> gone;
  for (const auto& removal : removals) {
    removals_.add(removal);
    const auto device = table_.number_of(removal.device_id);
    if (!device) continue;
    totals_.forget(*device);
    const auto since = statuses_since(*device, removal.at);
    if (!since.empty()) {
      table_.begin_again(*device, since, now);
    } else {
      tail_.forget(*device);
      gone.push_back(*device);
    }
  }
  if (!gone.empty()) table_.remove(gone);
}

// The latest status may be merged already.
std::vector<Status> DeviceRemoval::statuses_since(std::uint32_t device, Timestamp removed) const {
  std::vector<log::UnmergedRecord> unmerged;
  tail_.append_unmerged(device, unmerged);
  std::vector<Status> statuses{table_.at(device).status()};
  for (const auto& record : unmerged) statuses.push_back(record.status);
  std::erase_if(statuses, [removed](const Status& status) { return is_removed(status, removed); });
  return statuses;
}

}  // namespace ubiety
