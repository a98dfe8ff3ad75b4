#include "storage/postgres/segment_table.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {
namespace {

// The bounds are values, so the planner prunes the partitions of other days. $2 to $3 is the day.
constexpr const char* select_around = R"sql(
  SELECT device_id, (SELECT removed_at FROM removed_device WHERE removed_device.device_id = device_history.device_id),
         )sql" UBIETY_SEGMENT_COLUMNS R"sql(
  FROM device_history
  WHERE device_id = ANY ($1) AND last_timestamp >= $2 AND last_timestamp < $3 AND first_timestamp <= $4)sql";

constexpr std::size_t max_devices_to_look_up = 500;

constexpr Timestamp never_removed{std::numeric_limits<std::int64_t>::min()};

// In the order of the primary key.
constexpr const char* open_cursor = R"sql(
  DECLARE segments NO SCROLL CURSOR FOR
  SELECT device_id, )sql" UBIETY_SEGMENT_COLUMNS R"sql(
  FROM device_history
  WHERE ($1::text IS NULL OR device_id = $1::text) AND device_id >= $2::text AND starts_with(device_id, $2::text)
    AND last_timestamp >= $3::timestamptz AND first_timestamp < $4::timestamptz
  ORDER BY device_id, last_timestamp, merge)sql";
constexpr const char* fetch_segments = "FETCH FORWARD 1000 FROM segments";
constexpr const char* close_cursor = "CLOSE segments";

constexpr const char* select_next_merge = "SELECT nextval('device_history_merge')";

constexpr std::int64_t microseconds_of_day = std::chrono::microseconds(std::chrono::days(1)).count();

auto report_of(const Status& status) {
  return std::make_tuple(status.timestamp, status.battery_level, status.rssi, status.online);
}

// Those of one day.
struct DayOfRecords {
  using Places = std::multimap<decltype(report_of(Status{})), std::size_t>;  // in what is wanted
  std::map<std::string_view, Places> of_device;
  Timestamp from = latest_timestamp, to = earliest_timestamp;
};

void expect_count(std::size_t counted, std::size_t sent) {
  if (counted != sent)
    throw SqlError("", "COPY took " + std::to_string(counted) + " of " + std::to_string(sent) + " rows");
}

}  // namespace

std::int64_t day_of(Timestamp time) {
  using namespace std::chrono;
  return floor<days>(microseconds{time.microseconds}).count();
}

Timestamp begin_of_day(std::int64_t day) { return {day * microseconds_of_day}; }

std::vector<bool> SegmentTable::has(std::span<const WantedRecord> wanted) {
  std::map<std::int64_t, DayOfRecords> days;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto time = wanted[i].status->timestamp;
    auto& day = days[day_of(time)];
    day.of_device[wanted[i].device_id].emplace(report_of(*wanted[i].status), i);
    day.from = std::min(day.from, time);
    day.to = std::max(day.to, time);
  }
  std::vector<bool> found(wanted.size());
  for (const auto& [number, day] : days) {
    const auto next_day = begin_of_day(number + 1);
    auto device = day.of_device.begin();
    while (device != day.of_device.end()) {
      std::vector<std::string_view> ids;
      for (; device != day.of_device.end() && ids.size() < max_devices_to_look_up; ++device)
        ids.push_back(device->first);
      const auto rows = connection_.query_as_binary(
          select_around, {array_parameter(oid::text_array, oid::text, ids, [](std::string_view id) { return id; }),
                          day.from, next_day, day.to});
      for (const auto row : rows) {
        const auto& places = day.of_device.at(row.bytes(0));
        const auto removed = row.is_null(1) ? never_removed : time_in(row.bytes(1));
        for (const auto& record : records_in(row, 2)) {
          if (is_removed(record, removed)) continue;
          const auto [first, last] = places.equal_range(report_of(record));
          for (auto place = first; place != last; ++place) found[place->second] = true;
        }
      }
    }
  }
  return found;
}

std::int32_t SegmentTable::next_merge() {
  return static_cast<std::int32_t>(connection_.query(select_next_merge)[0].number(0));
}

void SegmentTable::drop_stored(std::vector<log::DeviceToMerge>& devices) {
  std::vector<WantedRecord> wanted;
  for (const auto& device : devices) {
    if (!device.may_repeat) continue;
    for (const auto& record : device.records) wanted.push_back({device.latest.update.device_id, &record});
  }
  if (wanted.empty()) return;
  const auto found = has(wanted);
  std::size_t next = 0;
  for (auto& device : devices)
    if (device.may_repeat) std::erase_if(device.records, [&](const Status&) { return bool{found[next++]}; });
}

std::size_t SegmentTable::write(std::span<const log::DeviceToMerge> devices, SegmentKind kind) {
  rows_.clear();
  append_header(rows_);
  std::size_t count = 0;
  for (const auto& device : devices) {
    for (const auto& segment : log::plan_segments(device.records, records_in_segment(device.records))) {
      append_segment(rows_, device.latest.update.device_id, kind, segment);
      ++count;
    }
  }
  append_trailer(rows_);
  if (count > 0) expect_count(connection_.copy_in(copy_segments_in, rows_), count);
  return count;
}

void SegmentTable::read_all(
    const Selection& selection,
    const std::function<void(std::string_view device_id, std::vector<Status>&& records)>& sink) {
  connection_.query(open_cursor, {selection.device_id, selection.prefix,
                                  selection.since ? Parameter(*selection.since) : Parameter("-infinity"),
                                  selection.before ? Parameter(*selection.before) : Parameter("infinity")});
  for (;;) {
    const auto rows = connection_.query_as_binary(fetch_segments, {});
    for (const auto row : rows) sink(row.bytes(0), records_in(row, 1));
    if (rows.empty()) break;
  }
  connection_.run(close_cursor);
}

}  // namespace ubiety::postgres
