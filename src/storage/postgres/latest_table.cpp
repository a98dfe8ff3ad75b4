#include "storage/postgres/latest_table.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* copy_latest_out = R"sql(
  COPY (SELECT device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp,
               coalesce(last_heard, received_at), coalesce(watched, '')
        FROM device_latest) TO STDOUT (FORMAT binary))sql";
constexpr std::int16_t columns_of_latest = 9;

constexpr const char* count_pages = "SELECT pg_relation_size('device_latest') / current_setting('block_size')::bigint";
constexpr const char* select_pages = R"sql(
  SELECT device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp,
         coalesce(last_heard, received_at), coalesce(watched, '')
  FROM device_latest WHERE ctid >= $1::tid AND ctid < $2::tid)sql";
constexpr std::int64_t pages_at_once = 1'000;

constexpr const char* truncate_latest = "TRUNCATE device_latest";
constexpr std::size_t statuses_at_once = 1'000;

const std::string insert_latest = R"sql(
  INSERT INTO device_latest (device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp,
                             last_heard, watched)
  SELECT device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp,
         nullif(greatest(last_heard, received_at), received_at), nullif(watched, '')
  FROM unnest(string_to_array($2, E'\n'), $3::timestamptz[], $4::smallint[], $5::smallint[], $6::boolean[],
              $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::bytea[])
       AS latest (device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp, last_heard,
                  watched))sql";

// From the rows of a database of an earlier version, as far as its checkpoint does not reflect them.
const std::string insert_from_rows = R"sql(
  INSERT INTO device_latest (device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp)
  SELECT DISTINCT ON (device_id) device_id, timestamp, battery_level, rssi, online, created_at,
         max(timestamp) OVER (PARTITION BY device_id)
  FROM device_status_rows
  WHERE created_at >= coalesce((SELECT watermark FROM checkpoint), '-infinity')
  ORDER BY device_id, least(timestamp, created_at + $1::bigint * interval '1 microsecond') DESC, created_at DESC,
           timestamp DESC, battery_level DESC, rssi DESC, online DESC)sql";

// The order of NewerThan. $1 is the maximum clock skew in microseconds.
const std::string is_newer = R"sql(
  (least(excluded.timestamp, excluded.received_at + $1::bigint * interval '1 microsecond'), excluded.received_at,
   excluded.timestamp, excluded.battery_level, excluded.rssi, excluded.online)
  > (least(device_latest.timestamp, device_latest.received_at + $1::bigint * interval '1 microsecond'),
     device_latest.received_at, device_latest.timestamp, device_latest.battery_level, device_latest.rssi,
     device_latest.online))sql";

std::string newer_of(const std::string& column) {
  return column + " = CASE WHEN" + is_newer + " THEN excluded." + column + " ELSE device_latest." + column + " END, ";
}

// When a device was last heard, as NULL if it is when the latest status was received.
const std::string heard_of_excluded = "coalesce(excluded.last_heard, excluded.received_at)";
const std::string heard_of_latest = "coalesce(device_latest.last_heard, device_latest.received_at)";
const std::string heard_later = heard_of_excluded + " > " + heard_of_latest;

// A status that is not newer may still have the newest timestamp, because its device's clock ran ahead, and what was
// last heard of the device.
const std::string unless_older =
    " ON CONFLICT (device_id) DO UPDATE SET " + newer_of("timestamp") + newer_of("battery_level") + newer_of("rssi") +
    newer_of("online") + newer_of("received_at") + R"sql(
    newest_timestamp = greatest(excluded.newest_timestamp, device_latest.newest_timestamp),
    last_heard = nullif(greatest()sql" +
    heard_of_excluded + ", " + heard_of_latest + "), CASE WHEN" + is_newer +
    " THEN excluded.received_at ELSE device_latest.received_at END), watched = CASE WHEN " + heard_later +
    " THEN excluded.watched ELSE coalesce(device_latest.watched, excluded.watched) END" +
    " WHERE excluded.newest_timestamp > device_latest.newest_timestamp OR " + heard_later + " OR" + is_newer;

const std::string raise_latest = insert_latest + unless_older;
const std::string raise_latest_from_rows = insert_from_rows + unless_older;

const std::string replace_latest = insert_latest + R"sql(
  ON CONFLICT (device_id) DO UPDATE SET timestamp = excluded.timestamp, battery_level = excluded.battery_level,
    rssi = excluded.rssi, online = excluded.online, received_at = excluded.received_at,
    newest_timestamp = excluded.newest_timestamp, last_heard = excluded.last_heard, watched = excluded.watched
  WHERE $1::bigint IS NOT NULL)sql";

constexpr const char* raise_newest_timestamps = R"sql(
  UPDATE device_latest SET newest_timestamp = newest.timestamp
  FROM unnest(string_to_array($1, E'\n'), $2::timestamptz[]) AS newest (device_id, timestamp)
  WHERE device_latest.device_id = newest.device_id AND newest.timestamp > device_latest.newest_timestamp)sql";

std::string joined(const std::vector<std::string_view>& ids) {
  std::string joined;
  for (const auto id : ids) {
    if (!joined.empty()) joined += '\n';
    joined += id;
  }
  return joined;
}

using Columns = std::array<std::string_view, columns_of_latest>;

// Throws BadRow.
log::LatestStatus status_in(const Columns& row) {
  const auto status = status_from(time_in(row[1]), time_in(row[5]), number_in<std::int16_t>(row[2]),
                                  number_in<std::int16_t>(row[3]), number_in<std::int8_t>(row[4]) != 0);
  return {{DeviceId(row[0]), status}, time_in(row[6]), time_in(row[7]), watch_from(row[8])};
}

// Of the first row on a page, for PostgreSQL.
std::string place_of(std::int64_t page) { return "(" + std::to_string(page) + ",0)"; }

}  // namespace

void LatestTable::load(LoadSink& sink) {
  if (!unless_damaged(connection_, [&] { load_all(sink); })) return;
  load_pages(sink, 0, connection_.query(count_pages)[0].number(0));
}

void LatestTable::load_all(LoadSink& sink) {
  CopyReader reader;
  connection_.copy_out(copy_latest_out, [&](std::string_view piece) {
    auto row = reader.read(piece, columns_of_latest);
    if (!row) return;
    Columns columns;
    for (auto& column : columns) column = row->field();
    sink.take_latest(status_in(columns));
  });
}

// Halves the pages until a damaged one stands alone.
void LatestTable::load_pages(LoadSink& sink, std::int64_t first, std::int64_t count) {
  const auto load_range = [&] {
    const auto rows = connection_.query_as_binary(select_pages, {place_of(first), place_of(first + count)});
    for (const auto row : rows) {
      Columns columns;
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = row.bytes(static_cast<int>(i));
      sink.take_latest(status_in(columns));
    }
  };
  const auto damage =
      count > pages_at_once ? std::optional<std::string>("too many at once") : unless_damaged(connection_, load_range);
  if (!damage) return;
  if (count <= 1) return sink.note_damaged_latest(*damage);
  load_pages(sink, first, count / 2);
  load_pages(sink, first + count / 2, count - count / 2);
}

void LatestTable::raise(std::span<const log::LatestStatus> statuses) { write(raise_latest, statuses); }

void LatestTable::replace(std::span<const log::LatestStatus> statuses) { write(replace_latest, statuses); }

void LatestTable::rewrite(std::span<const log::LatestStatus> statuses) {
  connection_.run(truncate_latest);
  while (!statuses.empty()) {
    const auto some = statuses.first(std::min(statuses.size(), statuses_at_once));
    replace(some);
    statuses = statuses.subspan(some.size());
  }
}

void LatestTable::raise_from_rows() {
  connection_.query(raise_latest_from_rows.c_str(), {newer_than_.max_clock_skew().count()});
}

void LatestTable::raise_newest(std::span<const std::pair<DeviceId, Timestamp>> newest) {
  std::vector<std::string_view> ids;
  for (const auto& [id, unused] : newest) ids.push_back(id);
  connection_.query(raise_newest_timestamps,
                    {Parameter(oid::text, joined(ids)),
                     array_parameter(oid::timestamptz_array, oid::timestamptz, newest,
                                     [](const std::pair<DeviceId, Timestamp>& each) { return each.second; })});
}

void LatestTable::write(const std::string& statement, std::span<const log::LatestStatus> statuses) {
  if (statuses.empty()) return;
  std::vector<std::string_view> ids;
  for (const auto& latest : statuses) ids.push_back(latest.update.device_id);
  using Latest = const log::LatestStatus&;
  connection_.query(
      statement.c_str(),
      {newer_than_.max_clock_skew().count(), Parameter(oid::text, joined(ids)),
       array_parameter(oid::timestamptz_array, oid::timestamptz, statuses,
                       [](Latest latest) { return latest.update.status.timestamp; }),
       array_parameter(oid::smallint_array, oid::smallint, statuses,
                       [](Latest latest) { return std::int16_t{latest.update.status.battery_level}; }),
       array_parameter(oid::smallint_array, oid::smallint, statuses,
                       [](Latest latest) { return latest.update.status.rssi; }),
       array_parameter(oid::boolean_array, oid::boolean, statuses,
                       [](Latest latest) { return static_cast<std::int8_t>(latest.update.status.online); }),
       array_parameter(oid::timestamptz_array, oid::timestamptz, statuses,
                       [](Latest latest) { return latest.update.status.received; }),
       array_parameter(oid::timestamptz_array, oid::timestamptz, statuses, [](Latest latest) { return latest.newest; }),
       array_parameter(oid::timestamptz_array, oid::timestamptz, statuses,
                       [](Latest latest) { return latest.last_heard; }),
       array_parameter(oid::bytea_array, oid::bytea, statuses,
                       [](Latest latest) { return latest.watch ? bytes_of(*latest.watch) : std::string(); })});
}

}  // namespace ubiety::postgres
