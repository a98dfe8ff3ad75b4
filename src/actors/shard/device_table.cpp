#include "actors/shard/device_table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "domain/status.hpp"

namespace ubiety {

// Places new devices from the last to the first: bisection finds the place of each, and the run of older devices behind
// it moves up in one step.
bool DeviceOrder::catch_up(std::size_t most) {
  const auto before = [this](std::uint32_t left, std::uint32_t right) {
    return devices_[left].device_id < devices_[right].device_id;
  };
  const auto known = sorted_.size();
  std::vector<std::uint32_t> added(std::min(most, devices_.size() - known));
  std::iota(added.begin(), added.end(), static_cast<std::uint32_t>(known));
  std::sort(added.rbegin(), added.rend(), before);  // the last first
  sorted_.resize(known + added.size());
  auto older_end = sorted_.begin() + static_cast<std::ptrdiff_t>(known);
  auto gap_end = sorted_.end();
  for (const auto device : added) {
    const auto place = std::upper_bound(sorted_.begin(), older_end, device, before);
    gap_end = std::move_backward(place, older_end, gap_end);
    *--gap_end = device;
    older_end = place;
  }
  return sorted_.size() == devices_.size();
}

DeviceOrder::Position DeviceOrder::after(std::string_view device_id) const {
  return std::upper_bound(sorted_.begin(), sorted_.end(), device_id, [this](std::string_view id, std::uint32_t device) {
    return id < devices_[device].device_id;
  });
}

DeviceTable::Applied DeviceTable::apply(const StatusUpdate& update) {
  const auto found = index_.find(std::string_view(update.device_id));
  if (found == index_.end()) return add(update);
  const auto device = *found;
  const auto newest = newest_timestamp(device);
  const bool may_repeat = update.status.timestamp <= newest;
  auto& latest = devices_[device].status;
  if (same_report(update.status, latest)) return {device, UpdateOutcome::duplicate, may_repeat};
  const bool is_newer = newer_than_(update.status, latest);
  if (is_newer) {
    online_ += update.status.online ? 1 : 0;
    online_ -= latest.online ? 1 : 0;
    latest = update.status;
    chunks_.note_change(device);
    ++version_;
  }
  note_newest(device, std::max(newest, update.status.timestamp));
  return {device, is_newer ? UpdateOutcome::stored : UpdateOutcome::late, may_repeat};
}

DeviceTable::Applied DeviceTable::add(const StatusUpdate& update) {
  const auto device = static_cast<std::uint32_t>(devices_.size());
  devices_.push_back(update);
  index_.insert(device);
  chunks_.note_change(device);
  ++version_;
  online_ += update.status.online ? 1 : 0;
  return {device, UpdateOutcome::stored, false};
}

void DeviceTable::load(const log::LatestStatus& latest) {
  const auto device = apply(latest.update).device;
  note_newest(device, std::max(latest.newest, newest_timestamp(device)));
}

Timestamp DeviceTable::newest_timestamp(std::uint32_t device) const {
  const auto ahead = ahead_.empty() ? ahead_.end() : ahead_.find(device);
  return ahead == ahead_.end() ? devices_[device].status.timestamp : ahead->second;
}

void DeviceTable::note_newest(std::uint32_t device, Timestamp newest) {
  if (newest > devices_[device].status.timestamp)
    ahead_.insert_or_assign(device, newest);
  else if (!ahead_.empty())
    ahead_.erase(device);
}

const Status* DeviceTable::find(std::string_view device_id) const {
  const auto found = index_.find(device_id);
  return found == index_.end() ? nullptr : &devices_[*found].status;
}

std::optional<std::uint32_t> DeviceTable::number_of(std::string_view device_id) const {
  const auto found = index_.find(device_id);
  return found == index_.end() ? std::nullopt : std::optional(*found);
}

const SummaryChunks::Chunk& DeviceTable::ready_chunk(std::size_t chunk, bool deflated) {
  return chunks_.ready_chunk(
      chunk, deflated, [this](std::size_t index) { return index < devices_.size() ? &devices_[index] : nullptr; });
}

}  // namespace ubiety
