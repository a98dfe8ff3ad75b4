#include "storage/postgres/latest_table.hpp"

#include <string>
#include <utility>

#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* copy_latest_out = R"sql(
  COPY device_latest (device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp)
  TO STDOUT (FORMAT binary))sql";
constexpr std::int16_t columns_of_latest = 7;

#define UBIETY_INSERT_LATEST                                                                                     \
  "INSERT INTO device_latest (device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp)" \
  " SELECT * FROM unnest(string_to_array($1, E'\\n'), $2::timestamptz[], $3::smallint[], $4::smallint[],"        \
  " $5::boolean[], $6::timestamptz[], $7::timestamptz[])"

// The order of NewerThan. $8 is the maximum clock skew in microseconds.
#define UBIETY_IS_NEWER                                                                                             \
  "(least(excluded.timestamp, excluded.received_at + $8::bigint * interval '1 microsecond'), excluded.received_at," \
  " excluded.timestamp, excluded.battery_level, excluded.rssi, excluded.online)"                                    \
  " > (least(device_latest.timestamp, device_latest.received_at + $8::bigint * interval '1 microsecond'),"          \
  " device_latest.received_at, device_latest.timestamp, device_latest.battery_level, device_latest.rssi,"           \
  " device_latest.online)"

// A status that is not newer may still have the newest timestamp: its device's clock ran ahead.
constexpr const char* raise_latest = UBIETY_INSERT_LATEST R"sql(
  ON CONFLICT (device_id) DO UPDATE SET
    timestamp = CASE WHEN )sql" UBIETY_IS_NEWER R"sql( THEN excluded.timestamp ELSE device_latest.timestamp END,
    battery_level = CASE WHEN )sql" UBIETY_IS_NEWER R"sql( THEN excluded.battery_level
                    ELSE device_latest.battery_level END,
    rssi = CASE WHEN )sql" UBIETY_IS_NEWER R"sql( THEN excluded.rssi ELSE device_latest.rssi END,
    online = CASE WHEN )sql" UBIETY_IS_NEWER R"sql( THEN excluded.online ELSE device_latest.online END,
    received_at = CASE WHEN )sql" UBIETY_IS_NEWER R"sql( THEN excluded.received_at ELSE device_latest.received_at END,
    newest_timestamp = greatest(excluded.newest_timestamp, device_latest.newest_timestamp)
  WHERE excluded.newest_timestamp > device_latest.newest_timestamp OR )sql" UBIETY_IS_NEWER;

constexpr const char* replace_latest = UBIETY_INSERT_LATEST R"sql(
  ON CONFLICT (device_id) DO UPDATE SET timestamp = excluded.timestamp, battery_level = excluded.battery_level,
    rssi = excluded.rssi, online = excluded.online, received_at = excluded.received_at,
    newest_timestamp = excluded.newest_timestamp
  WHERE $8::bigint IS NOT NULL)sql";

}  // namespace

void LatestTable::load(const std::function<void(log::LatestStatus&&)>& sink) {
  CopyReader reader;
  connection_.copy_out(copy_latest_out, [&](std::string_view piece) {
    auto row = reader.read(piece, columns_of_latest);
    if (!row) return;
    log::LatestStatus latest;
    latest.update.device_id = row->field();
    const auto timestamp = time_in(row->field());
    const auto battery_level = number_in<std::int16_t>(row->field()), rssi = number_in<std::int16_t>(row->field());
    const bool online = number_in<std::int8_t>(row->field()) != 0;
    latest.update.status = status_from(timestamp, time_in(row->field()), battery_level, rssi, online);
    latest.newest = time_in(row->field());
    sink(std::move(latest));
  });
}

void LatestTable::raise(std::span<const log::LatestStatus> statuses) { write(raise_latest, statuses); }

void LatestTable::replace(std::span<const log::LatestStatus> statuses) { write(replace_latest, statuses); }

void LatestTable::write(const char* statement, std::span<const log::LatestStatus> statuses) {
  if (statuses.empty()) return;
  std::string ids;
  for (const auto& latest : statuses) {
    if (!ids.empty()) ids += '\n';
    ids += latest.update.device_id;
  }
  using Latest = const log::LatestStatus&;
  connection_.query(
      statement,
      {Parameter(oid::text, std::move(ids)),
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
       newer_than_.max_clock_skew().count()});
}

}  // namespace ubiety::postgres
