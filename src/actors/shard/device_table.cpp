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

std::optional<std::uint32_t> DeviceTable::take_in(const StatusUpdate& update, UpdateOutcome& outcome) {
  const auto found = index_.find(std::string_view(update.device_id));
  if (found == index_.end()) {
    const auto index = static_cast<std::uint32_t>(devices_.size());
    devices_.push_back(update);
    index_.insert(index);
    chunks_.note_change(index);
    ++version_;
    online_ += update.status.online ? 1 : 0;
    outcome = UpdateOutcome::stored;
    return index;
  }
  auto& latest = devices_[*found].status;
  const bool newer = newer_than_(update.status, latest);
  const bool repeated = same_report(update.status, latest);
  outcome = repeated ? UpdateOutcome::duplicate : newer ? UpdateOutcome::stored : UpdateOutcome::late;
  if (!newer) return std::nullopt;
  online_ += update.status.online ? 1 : 0;
  online_ -= latest.online ? 1 : 0;
  latest = update.status;
  chunks_.note_change(*found);
  ++version_;
  return *found;
}

UpdateOutcome DeviceTable::apply(const StatusUpdate& update) {
  auto outcome = UpdateOutcome::stored;
  if (const auto index = take_in(update, outcome)) changed_.mark(*index);
  return outcome;
}

void DeviceTable::load(const StatusUpdate& update, Origin origin) {
  auto outcome = UpdateOutcome::stored;
  const auto index = take_in(update, outcome);
  if (index && origin == Origin::history) changed_.mark(*index);
}

const Status* DeviceTable::find(std::string_view device_id) const {
  const auto found = index_.find(device_id);
  return found == index_.end() ? nullptr : &devices_[*found].status;
}

const SummaryChunks::Chunk& DeviceTable::ready_chunk(std::size_t chunk, bool deflated) {
  return chunks_.ready_chunk(
      chunk, deflated, [this](std::size_t index) { return index < devices_.size() ? &devices_[index] : nullptr; });
}

void DeviceTable::begin_collection(bool everything) {
  for (std::size_t index = 0; everything && index < devices_.size(); ++index) changed_.mark(index);
  changed_.begin_collection();
}

bool DeviceTable::take_changes(std::size_t most, std::vector<StatusUpdate>& changes) {
  return changed_.collect(most, [&](std::size_t index) { changes.push_back(devices_[index]); });
}

}  // namespace ubiety
