#include "storage/sqlite/unmerged_updates.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "domain/status.hpp"

namespace ubiety::sqlite {
namespace {

bool is_older(const Logged& logged, Timestamp timestamp) { return logged.status.timestamp < timestamp; }

}  // namespace

bool MergeProgress::includes(std::int64_t row, std::string_view device_id, Timestamp timestamp) const {
  if (row <= merged_through) return true;
  if (row > merging_through) return false;
  const auto order = device_id.compare(merging_device);
  return order < 0 || (order == 0 && timestamp <= merging_timestamp);
}

void MergeProgress::begin_merge(std::int64_t through) {
  merging_through = through;
  merging_device.clear();
  merging_timestamp = {};
}

void MergeProgress::merge_to(const StatusUpdate& last) {
  ++version;
  merging_device = last.device_id;
  merging_timestamp = last.status.timestamp;
}

void MergeProgress::end_merge() {
  ++version;
  merged_through = merging_through;
  merging_device.clear();
  merging_timestamp = {};
}

void UnmergedUpdates::own(std::int64_t log_identity) {
  begin_anew(log_identity);
  owned_ = true;
}

std::optional<Timestamp> UnmergedUpdates::newest(std::string_view device_id) const {
  const auto* device = devices_.find(device_id);
  return device == nullptr ? std::nullopt : std::optional(device->newest);
}

void UnmergedUpdates::add(UnmergedDevice& device, std::int64_t row, const Status& status) {
  device.logged.push_back({status, row});
  device.newest = std::max(device.newest, status.timestamp);
  ++size_;
}

std::optional<Status> UnmergedUpdates::repetition_of(const StatusUpdate& update) const {
  const auto* device = devices_.find(update.device_id);
  if (device == nullptr) return std::nullopt;
  const auto logged = device->logged.all();
  const auto found = std::lower_bound(logged.begin(), logged.end(), update.status.timestamp, is_older);
  if (found == logged.end() || !same_report(found->status, update.status)) return std::nullopt;
  return found->status;
}

void UnmergedUpdates::settle(const StatusUpdate& update) {
  auto* device = devices_.find(update.device_id);
  if (device == nullptr) return;
  device->newest = std::max(device->newest, update.status.timestamp);
  size_ -= device->logged.erase_if([&](const Logged& logged) { return same_report(logged.status, update.status); });
}

UnmergedUpdates::Matching UnmergedUpdates::matching(const HistoryQuery& query, std::size_t most) const {
  const auto* device = devices_.find(query.device_id);
  if (device == nullptr) return {};
  const auto logged = device->logged.all();
  const auto from = [&](std::optional<Timestamp> bound, auto none) {
    return bound ? std::lower_bound(logged.begin(), logged.end(), *bound, is_older) : none;
  };
  const auto after_since = query.since ? std::optional(*query.since + std::chrono::microseconds(1)) : std::nullopt;
  const auto begin = from(after_since, logged.begin()), end = from(query.before, logged.end());
  Matching matching;
  if (begin >= end) return matching;
  matching.count = static_cast<std::uint64_t>(end - begin);
  for (auto each = std::make_reverse_iterator(end); each != std::make_reverse_iterator(begin); ++each) {
    if (matching.records.size() == most) break;
    if (!query.after || newest_first(*query.after, each->status)) matching.records.push_back(each->status);
  }
  return matching;
}

std::vector<StatusUpdate> UnmergedUpdates::all() const {
  std::vector<StatusUpdate> all;
  all.reserve(size_);
  devices_.for_each_from({}, [&](const UnmergedDevice& device) {
    for (const auto& logged : device.logged.all()) all.push_back({device.id, logged.status});
    return true;
  });
  return all;
}

void UnmergedUpdates::begin_anew(std::int64_t log_identity) {
  devices_.clear();
  size_ = 0;
  newest_row_ = 0;
  progress_ = {.log_identity = log_identity};
}

void UnmergedUpdates::advance(const MergeProgress& progress) {
  if (progress.version <= progress_.version) return;
  const bool same_merge = progress.merging_through == progress_.merging_through;
  const bool ended_one = progress.merged_through != progress_.merged_through;
  const auto first = same_merge ? std::string_view(progress_.merging_device) : std::string_view();
  const auto last = ended_one ? std::nullopt : std::optional<std::string_view>(progress.merging_device);
  devices_.change_and_sweep(first, last, [&](UnmergedDevice& device) {
    size_ -= device.logged.erase_if(
        [&](const Logged& each) { return progress.includes(each.row, device.id, each.status.timestamp); });
  });
  progress_ = progress;
}

std::vector<StatusUpdate> UnmergedUpdates::next_to_merge(const MergeProgress& progress, std::size_t most) const {
  std::vector<StatusUpdate> next;
  devices_.for_each_from(progress.merging_device, [&](const UnmergedDevice& device) {
    for (const auto& logged : device.logged.all()) {
      if (logged.row > progress.merging_through) break;
      if (progress.includes(logged.row, device.id, logged.status.timestamp)) continue;
      if (next.size() == most) return false;
      next.push_back({device.id, logged.status});
    }
    return true;
  });
  return next;
}

}  // namespace ubiety::sqlite
