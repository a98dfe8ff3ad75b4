#include "storage/sqlite/segment_table.hpp"

#include <algorithm>
#include <string>

#include "storage/log/format.hpp"
#include "storage/log/merge_plan.hpp"
#include "storage/log/repetitions.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view insert_bytes = "INSERT INTO segment (records) VALUES (?1)";
constexpr std::string_view insert_segment = R"sql(
  INSERT INTO device_history (device_id, last_timestamp, segment, first_timestamp, count)
  VALUES (?1, ?2, ?3, ?4, ?5))sql";

constexpr std::string_view delete_bytes = "DELETE FROM segment WHERE id = ?1";
constexpr std::string_view delete_segment = R"sql(
  DELETE FROM device_history WHERE device_id = ?1 AND last_timestamp = ?2 AND segment = ?3)sql";

constexpr std::string_view select_overlapping = R"sql(
  SELECT segment, first_timestamp, last_timestamp, count FROM device_history
  WHERE device_id = ?1 AND last_timestamp >= ?2 AND last_timestamp < ?4 AND first_timestamp <= ?3
  ORDER BY last_timestamp)sql";

constexpr std::string_view select_newest_first = R"sql(
  SELECT segment, last_timestamp FROM device_history
  WHERE device_id = ?1 AND last_timestamp >= ?2 AND last_timestamp < ?4 AND first_timestamp <= ?3
  ORDER BY last_timestamp DESC)sql";

constexpr std::string_view select_bytes = "SELECT records FROM segment WHERE id = ?1";
constexpr std::string_view sum_counts = "SELECT ifnull(sum(count), 0) FROM device_history WHERE device_id = ?1";
constexpr std::string_view select_first_device = R"sql(
  SELECT device_id FROM device_history WHERE device_id >= ?1 ORDER BY device_id LIMIT 1)sql";

}  // namespace

Timestamp end_of_day(Timestamp time) {
  return time > latest_timestamp ? after_all_times : time < earliest_timestamp ? time : start_of(day_of(time) + 1);
}

SegmentTable::SegmentTable(Database& database, HistoryDays& days)
    : database_(database),
      days_(days),
      insert_records_(database, insert_bytes),
      insert_(database, insert_segment),
      remove_records_(database, delete_bytes),
      remove_(database, delete_segment),
      overlapping_(database, select_overlapping),
      records_(database, select_bytes),
      count_(database, sum_counts),
      first_device_(database, select_first_device),
      newest_first_(database, select_newest_first) {}

std::size_t SegmentTable::insert(const DeviceId& device_id, std::span<const Status> records) {
  const auto segments = log::plan_segments(records, max_records);
  for (const auto segment : segments) {
    const auto bytes = log::encode_segment(segment);
    insert_records_->bind_blob(1, bytes).run();
    insert_->bind(1, device_id)
        .bind(2, segment.back().timestamp.microseconds)
        .bind(3, sqlite3_last_insert_rowid(database_.handle()))
        .bind(4, segment.front().timestamp.microseconds)
        .bind(5, static_cast<std::int64_t>(segment.size()))
        .run();
    days_.note_segment(day_of(segment.front().timestamp), device_id);
  }
  return segments.size();
}

void SegmentTable::remove(const DeviceId& device_id, const Segment& segment) {
  remove_records_->bind(1, segment.id).run();
  remove_->bind(1, device_id).bind(2, segment.last.microseconds).bind(3, segment.id).run();
}

std::vector<SegmentTable::Segment> SegmentTable::overlapping(const DeviceId& device_id, Timestamp first,
                                                             Timestamp last) {
  overlapping_->bind(1, device_id)
      .bind(2, first.microseconds)
      .bind(3, last.microseconds)
      .bind(4, end_of_day(last).microseconds);
  std::vector<Segment> segments;
  while (overlapping_->next())
    segments.push_back({.id = overlapping_->integer(0),
                        .first = {overlapping_->integer(1)},
                        .last = {overlapping_->integer(2)},
                        .count = static_cast<std::uint64_t>(overlapping_->integer(3))});
  return segments;
}

std::vector<Status> SegmentTable::records(const DeviceId& device_id, std::int64_t segment) {
  const auto fail = [&](std::string_view reason) {
    throw Error(SQLITE_MISMATCH, "segment " + std::to_string(segment) + " of device " + device_id +
                                     " cannot be read: " + std::string(reason));
  };
  records_->bind(1, segment);
  if (!records_->next()) fail("it is missing");
  auto records = log::decode_segment(records_->blob(0));
  records_->reset();
  if (!records) fail(records.error().reason);
  return std::move(*records);
}

std::vector<Status> SegmentTable::records_at(const DeviceId& device_id, std::span<const Timestamp> times) {
  return records_at(device_id, times, Damaged::throws);
}

std::vector<Status> SegmentTable::records_at(const DeviceId& device_id, std::span<const Timestamp> times,
                                             Damaged damaged) {
  std::vector<Status> found;
  for (const auto& segment : overlapping(device_id, times.front(), times.back())) {
    if (!log::has_time(times, segment.first, segment.last)) continue;
    try {
      log::append_at(times, records(device_id, segment.id), found);
    } catch (const Error&) {
      if (damaged == Damaged::throws) throw;
    }
  }
  return found;
}

// A merge must not stop at a segment that is damaged.
void SegmentTable::drop_stored(const DeviceId& device_id, std::vector<Status>& records) {
  if (!records.empty()) log::drop_stored(records, records_at(device_id, log::times_of(records), Damaged::is_skipped));
}

std::uint64_t SegmentTable::count(const DeviceId& device_id) {
  count_->bind(1, device_id).next();
  const auto count = static_cast<std::uint64_t>(count_->integer(0));
  count_->reset();
  return count;
}

std::optional<DeviceId> SegmentTable::first_device(std::string_view from) {
  first_device_->bind(1, from);
  if (!first_device_->next()) return std::nullopt;
  DeviceId device(first_device_->text(0));
  first_device_->reset();
  return device;
}

}  // namespace ubiety::sqlite
