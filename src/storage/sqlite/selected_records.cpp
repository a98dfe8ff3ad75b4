#include "storage/sqlite/selected_records.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/log/merge_plan.hpp"

namespace ubiety::sqlite {
namespace {

bool selects(const Selection& selection, const DeviceId& device_id) {
  return device_id.starts_with(selection.prefix) && (!selection.device_id || device_id == *selection.device_id);
}

bool selects(const Selection& selection, Timestamp time) {
  return (!selection.since || time >= *selection.since) && (!selection.before || time < *selection.before);
}

// Returns the selected updates that are not merged, in the order of their devices. Rows that cannot be read are left
// out.
std::vector<StatusUpdate> unmerged_updates(const Selection& selection, UpdateLog& log) {
  std::vector<StatusUpdate> selected;
  const auto take_row = [&](log::Row&& row) {
    for (auto& update : row.updates)
      if (selects(selection, update.device_id) && selects(selection, update.status.timestamp))
        selected.push_back(std::move(update));
  };
  log.read(take_row, [](log::Position, const std::string&) {});
  std::stable_sort(selected.begin(), selected.end(), [](const StatusUpdate& left, const StatusUpdate& right) {
    return left.device_id < right.device_id;
  });
  return selected;
}

}  // namespace

void read_selected(const Selection& selection, SegmentTable& segments, UpdateLog& log, const StatusSink& sink) {
  const auto unmerged = unmerged_updates(selection, log);
  const auto first = selection.since.value_or(before_all_times);
  const auto last = selection.before ? Timestamp{selection.before->microseconds - 1} : after_all_times;
  const auto as_selected = [&](std::optional<DeviceId> device) {
    return device && selects(selection, *device) ? std::move(device) : std::nullopt;
  };
  auto stored = as_selected(segments.first_device(selection.device_id ? *selection.device_id : selection.prefix));
  for (auto logged = unmerged.begin(); stored || logged != unmerged.end();) {
    const bool is_stored = stored && (logged == unmerged.end() || *stored <= logged->device_id);
    const DeviceId device_id = is_stored ? *stored : logged->device_id;
    std::vector<Status> records;
    if (is_stored) {
      for (const auto& segment : segments.overlapping(device_id, first, last)) {
        const auto some = segments.records(device_id, segment.id);
        records.insert(records.end(), some.begin(), some.end());
      }
      stored = as_selected(segments.next_device(device_id));
    }
    for (; logged != unmerged.end() && logged->device_id == device_id; ++logged) records.push_back(logged->status);
    log::sort_and_fold(records);
    for (const auto& record : records)
      if (selects(selection, record.timestamp)) sink({device_id, record});
  }
}

}  // namespace ubiety::sqlite
