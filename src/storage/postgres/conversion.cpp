#include "storage/postgres/conversion.hpp"

#include <utility>
#include <vector>

#include "storage/log/merge_plan.hpp"
#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* find_tables = R"sql(
  SELECT to_regclass('device_status_rows') IS NOT NULL, to_regclass('checkpoint') IS NOT NULL)sql";

// Sorting a day in memory is quicker than on the disk.
constexpr const char* take_time_and_memory = "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '128MB'";

constexpr const char* select_place = R"sql(
  SELECT partition, (extract(epoch FROM moved_before) * 1000000)::bigint FROM device_status_conversion)sql";

// The range is NULL for the default partition.
constexpr const char* select_next_partition = R"sql(
  SELECT child.oid::regclass::text, replace(child.relname, 'device_status_rows', 'device_history'),
         substring(pg_get_expr(relpartbound, child.oid) FROM 'FROM \(''([^'']+)''\)'),
         substring(pg_get_expr(relpartbound, child.oid) FROM 'TO \(''([^'']+)''\)')
  FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
  WHERE inhparent = 'device_status_rows'::regclass
  ORDER BY child.relname
  LIMIT 1)sql";

constexpr const char* make_partition = "SELECT make_device_history_partition($1, $2, $3)";

constexpr const char* put_place = R"sql(
  INSERT INTO device_status_conversion (partition, moved_before) VALUES ($1, $2)
  ON CONFLICT (the_only_row) DO UPDATE SET partition = excluded.partition, moved_before = excluded.moved_before)sql";
constexpr const char* clear_place = "DELETE FROM device_status_conversion";

constexpr const char* drop_rows = "DROP TABLE device_status_rows; DROP TABLE device_status_conversion";

constexpr const char* count_partitions =
    "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass('device_status_rows')";

constexpr const char* fetch_rows = "FETCH FORWARD 20000 FROM rows_of_day";
constexpr const char* close_cursor = "CLOSE rows_of_day";
constexpr std::size_t records_at_a_time = 100'000;

std::string select_first(const std::string& partition) {
  return "SELECT (extract(epoch FROM min(timestamp)) * 1000000)::bigint FROM " + partition + " WHERE timestamp >= $1";
}

std::string open_cursor(const std::string& partition) {
  return "DECLARE rows_of_day NO SCROLL CURSOR FOR "
         "SELECT device_id, timestamp, battery_level, rssi, online, created_at FROM " +
         partition + " WHERE timestamp >= $1 AND timestamp < $2 ORDER BY device_id, timestamp";
}

Status status_in(const Row& row) {
  return status_from(time_in(row.bytes(1)), time_in(row.bytes(5)), number_in<std::int16_t>(row.bytes(2)),
                     number_in<std::int16_t>(row.bytes(3)), number_in<std::int8_t>(row.bytes(4)) != 0);
}

}  // namespace

Conversion::Conversion(const std::string& url, Demands demands, NewerThan newer_than)
    : connection_(url, nullptr, demands), latest_(connection_, newer_than), segments_(connection_) {}

std::optional<std::string> Conversion::step() {
  Transaction transaction(connection_);
  connection_.run(take_time_and_memory);
  const auto tables = connection_.query(find_tables);
  if (!tables[0].boolean(0)) return std::nullopt;
  std::string done;
  if (tables[0].boolean(1)) {
    latest_.raise_from_rows();
    connection_.run("DROP TABLE checkpoint");
    done = "the latest statuses are up to date";
  } else if (const auto place = find_place()) {
    done = move_day(*place);
  } else {
    connection_.run(drop_rows);
    done = "the history is converted";
  }
  transaction.commit();
  return done;
}

std::optional<Conversion::Place> Conversion::find_place() {
  const auto rows = connection_.query(select_place);
  if (rows.empty()) return begin_partition();
  return Place{rows[0].text(0), {rows[0].number(1)}};
}

// The history gets the same partitions as the rows had.
std::optional<Conversion::Place> Conversion::begin_partition() {
  const auto rows = connection_.query(select_next_partition);
  if (rows.empty()) return std::nullopt;
  if (!rows[0].is_null(2) && !rows[0].is_null(3))
    connection_.query(make_partition, {rows[0].bytes(1), rows[0].bytes(2), rows[0].bytes(3)});
  return Place{rows[0].text(0), earliest_timestamp};
}

std::string Conversion::move_day(const Place& place) {
  const auto first = connection_.query(select_first(place.partition).c_str(), {place.from});
  if (first[0].is_null(0)) {
    connection_.run(("DROP TABLE " + place.partition).c_str());
    connection_.run(clear_place);
    return place.partition + " is converted, " + connection_.query(count_partitions)[0].text(0) +
           " partitions are left";
  }
  const auto day = day_of({first[0].number(0)});
  const auto from = begin_of_day(day), to = begin_of_day(day + 1);
  const auto moved = move_rows(place.partition, from, to);
  connection_.query(put_place, {place.partition, to});
  return "moved " + std::to_string(moved) + " records of " + format_timestamp(from).substr(0, 10) + " from " +
         place.partition;
}

std::uint64_t Conversion::move_rows(const std::string& partition, Timestamp from, Timestamp to) {
  const SegmentKind kind{.merge = segments_.next_merge(), .closed = true};
  std::vector<log::DeviceToMerge> devices;
  std::vector<std::pair<DeviceId, Timestamp>> newest;
  std::size_t waiting = 0;
  // The device read last may have more rows.
  const auto write = [&](bool is_last_complete) {
    std::vector<log::DeviceToMerge> incomplete;
    if (!is_last_complete) {
      incomplete.push_back(std::move(devices.back()));
      devices.pop_back();
    }
    newest.clear();
    for (auto& device : devices) {
      log::sort_and_fold(device.records);
      newest.emplace_back(device.latest.update.device_id, device.records.back().timestamp);
    }
    segments_.write(devices, kind);
    latest_.raise_newest(newest);
    devices = std::move(incomplete);
    waiting = devices.empty() ? 0 : devices.back().records.size();
  };

  std::uint64_t moved = 0;
  connection_.query(open_cursor(partition).c_str(), {from, to});
  for (;;) {
    const auto rows = connection_.query_as_binary(fetch_rows, {});
    if (rows.empty()) break;
    for (const auto row : rows) {
      const auto device_id = row.bytes(0);
      if (devices.empty() || devices.back().latest.update.device_id != device_id)
        devices.emplace_back().latest.update.device_id = device_id;
      devices.back().records.push_back(status_in(row));
    }
    moved += static_cast<std::uint64_t>(rows.size());
    waiting += static_cast<std::size_t>(rows.size());
    if (waiting >= records_at_a_time) write(false);
  }
  if (!devices.empty()) write(true);
  connection_.run(close_cursor);
  return moved;
}

}  // namespace ubiety::postgres
