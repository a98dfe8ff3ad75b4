#include "storage/sqlite/device_segments.hpp"

#include <algorithm>
#include <utility>

namespace ubiety::sqlite {
namespace {

// The first and the last time within the query's span.
Timestamp first_time(const HistoryQuery& query) {
  return query.since ? Timestamp{query.since->microseconds + 1} : before_all_times;
}
Timestamp last_time(const HistoryQuery& query) {
  return query.before ? Timestamp{query.before->microseconds - 1} : after_all_times;
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

}  // namespace ubiety::sqlite
