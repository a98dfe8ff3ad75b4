#include "support/unmerged_updates.hpp"

#include <algorithm>

namespace ubiety::test {

bool UnmergedUpdates::may_repeat(const StatusUpdate& update) const {
  const auto* known = latest(update.device_id);
  return known != nullptr && update.status.timestamp <= known->newest;
}

void UnmergedUpdates::add(log::Position position, const std::vector<StatusUpdate>& updates,
                          const std::vector<bool>& is_repeat) {
  for (std::size_t i = 0; i < updates.size(); ++i) {
    const auto& update = updates[i];
    auto& records = devices_[update.device_id];
    const bool is_known = is_repeat[i] || std::any_of(records.begin(), records.end(), [&](const auto& record) {
                            return same_report(record.status, update.status);
                          });
    records.push_back({update.status, position, may_repeat(update)});
    if (!is_known) add_latest({update, update.status.timestamp, update.status.received});
  }
}

void UnmergedUpdates::add_latest(const log::LatestStatus& latest) {
  const auto [entry, is_new] = latest_.try_emplace(latest.update.device_id, latest);
  if (is_new) return;
  auto& known = entry->second;
  known.newest = std::max(known.newest, latest.newest);
  known.last_heard = std::max(known.last_heard, latest.last_heard);
  if (same_report(latest.update.status, known.update.status)) return;  // its record has expired
  if (NewerThan()(latest.update.status, known.update.status)) known.update = latest.update;
}

void UnmergedUpdates::trim(const log::Positions& merged) {
  for (auto& [device_id, records] : devices_)
    std::erase_if(records, [&](const auto& record) { return merged.has(record.position); });
  std::erase_if(devices_, [](const auto& device) { return device.second.empty(); });
}

std::vector<log::UnmergedRecord> UnmergedUpdates::of(const DeviceId& device_id) const {
  const auto found = devices_.find(device_id);
  return found == devices_.end() ? std::vector<log::UnmergedRecord>() : found->second;
}

const log::LatestStatus* UnmergedUpdates::latest(const DeviceId& device_id) const {
  const auto found = latest_.find(device_id);
  return found == latest_.end() ? nullptr : &found->second;
}

std::size_t UnmergedUpdates::size() const {
  std::size_t size = 0;
  for (const auto& [device_id, records] : devices_) size += records.size();
  return size;
}

void UnmergedUpdates::begin(const log::Positions& through, std::string_view after) {
  through_ = through;
  next_after_ = after;
  calls = 0;
}

std::vector<log::DeviceToMerge> UnmergedUpdates::next() {
  if (interrupts_after && calls >= *interrupts_after) throw log::MergeInterrupted("interrupted by the test");
  ++calls;
  std::vector<log::DeviceToMerge> merged;
  for (auto device = devices_.upper_bound(next_after_); device != devices_.end() && merged.size() < devices_at_once;
       ++device) {
    next_after_ = device->first;
    log::DeviceToMerge moved{latest_.at(device->first), {}, false};
    for (const auto& [status, position, may_repeat] : device->second) {
      if (!through_.has(position)) continue;
      moved.records.push_back(status);
      moved.may_repeat = moved.may_repeat || may_repeat;
    }
    log::sort_and_fold(moved.records);
    if (!moved.records.empty()) merged.push_back(std::move(moved));
  }
  return merged;
}

}  // namespace ubiety::test
