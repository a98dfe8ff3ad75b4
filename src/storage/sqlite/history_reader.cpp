#include "storage/sqlite/history_reader.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/log/merge_plan.hpp"

namespace ubiety::sqlite {
namespace {

// The first and the last time within the query's span.
Timestamp first_time(const HistoryQuery& query) {
  return query.since ? Timestamp{query.since->microseconds + 1} : before_all_times;
}
Timestamp last_time(const HistoryQuery& query) {
  return query.before ? Timestamp{query.before->microseconds - 1} : after_all_times;
}

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

DeviceSegments::DeviceSegments(const HistoryQuery& query, SegmentTable& segments, UpdateLog& log,
                               UpdateLog::Progress progress)
    : query_(query), segments_(segments), log_(log), progress_(std::move(progress)) {}

bool DeviceSegments::has_merged(log::Position position) {
  if (!stream_ || stream_id_ != position.stream) {
    stream_ = log_.find(position.stream);
    stream_id_ = position.stream;
  }
  return stream_ && progress_.includes(*stream_, position.sequence, query_.device_id);
}

std::optional<Timestamp> DeviceSegments::next() {
  auto& statement = segments_.newest_first();
  if (!std::exchange(has_begun_, true)) {
    const auto last = query_.after ? std::min(last_time(query_), query_.after->timestamp) : last_time(query_);
    statement.bind(1, query_.device_id)
        .bind(2, first_time(query_).microseconds)
        .bind(3, last.microseconds)
        .bind(4, end_of_day(last).microseconds);
  }
  if (!statement.next()) return std::nullopt;
  current_ = statement.integer(0);
  return Timestamp{statement.integer(1)};
}

std::uint64_t DeviceSegments::count() {
  if (!query_.since && !query_.before) return segments_.count(query_.device_id);
  const auto first = first_time(query_), last = last_time(query_);
  std::uint64_t count = 0;
  for (const auto& segment : segments_.overlapping(query_.device_id, first, last)) {
    if (first <= segment.first && segment.last <= last) {
      count += segment.count;
      continue;
    }
    const auto records = segments_.records(query_.device_id, segment.id);
    count += static_cast<std::uint64_t>(std::count_if(
        records.begin(), records.end(), [this](const Status& record) { return query_.is_in_span(record.timestamp); }));
  }
  return count;
}

void read_selected(const Selection& selection, SegmentTable& segments, UpdateLog& log, const log::Removals& removals,
                   const StatusSink& sink) {
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
    std::erase_if(records, [&](const Status& record) { return removals.take(device_id, record); });
    log::sort_and_fold(records);
    for (const auto& record : records)
      if (selects(selection, record.timestamp)) sink({device_id, record});
  }
}

}  // namespace ubiety::sqlite
