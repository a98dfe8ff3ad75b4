#include "storage/postgres/removed_table.hpp"

#include <array>
#include <string>
#include <utility>

#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* put_removals = R"sql(
  INSERT INTO removed_device (device_id, removed_at)
  SELECT device_id, max(removed_at) FROM unnest($1::text[], $2::timestamptz[]) AS removed (device_id, removed_at)
  GROUP BY device_id ORDER BY device_id
  ON CONFLICT (device_id) DO UPDATE
  SET removed_at = greatest(removed_device.removed_at, excluded.removed_at), swept = false)sql";

constexpr const char* select_all = "SELECT device_id, removed_at FROM removed_device";

// Appends to the log wait for what a step has written, so a step takes some thousandths of a second.
constexpr const char* select_to_sweep = R"sql(
  SELECT device_id, removed_at FROM removed_device WHERE NOT swept ORDER BY device_id LIMIT 100 FOR UPDATE)sql";
constexpr const char* put_swept = "UPDATE removed_device SET swept = true WHERE device_id = ANY ($1)";

constexpr const char* select_before = R"sql(
  SELECT device_id, removed_at FROM removed_device WHERE removed_at < $1 ORDER BY device_id LIMIT 100 FOR UPDATE)sql";
constexpr const char* delete_removals = "DELETE FROM removed_device WHERE device_id = ANY ($1)";

// The planner might prefer to read the whole history.
constexpr const char* only_by_index = R"sql(
  SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off;
  SET LOCAL enable_mergejoin = off)sql";

constexpr const char* delete_latest = R"sql(
  DELETE FROM device_latest USING unnest($1::text[], $2::timestamptz[]) AS removed (id, at)
  WHERE device_id = id AND least(timestamp, received_at) <= at)sql";

constexpr const char* delete_segments = R"sql(
  DELETE FROM device_history USING unnest($1::text[], $2::timestamptz[]) AS removed (id, at)
  WHERE device_id = id AND last_timestamp <= at)sql";

// A segment that ends later may have records of a clock that ran ahead.
constexpr const char* select_later_segments = R"sql(
  SELECT device_id, at, last_timestamp, merge, closed, )sql" UBIETY_SEGMENT_COLUMNS R"sql(
  FROM device_history JOIN unnest($1::text[], $2::timestamptz[]) AS removed (id, at)
    ON device_id = id AND last_timestamp > at)sql";
constexpr int first_column_of_segment = 5;
constexpr const char* delete_segment =
    "DELETE FROM device_history WHERE device_id = $1 AND last_timestamp = $2 AND merge = $3 AND closed = $4";

Parameter ids_of(std::span<const log::Removal> removals) {
  return array_parameter(oid::text_array, oid::text, removals,
                         [](const log::Removal& removal) { return std::string_view(removal.device_id); });
}

Parameter moments_of(std::span<const log::Removal> removals) {
  return array_parameter(oid::timestamptz_array, oid::timestamptz, removals,
                         [](const log::Removal& removal) { return removal.at; });
}

log::Removal removal_in(const Row& row) { return {DeviceId(row.bytes(0)), time_in(row.bytes(1))}; }

}  // namespace

void RemovedTable::add(std::span<const log::Removal> removals) {
  Transaction transaction(connection_);
  epoch_.lock(connection_);
  connection_.query(put_removals, {ids_of(removals), moments_of(removals)});
  transaction.commit();
}

void RemovedTable::load(const std::function<void(log::Removal&&)>& sink) {
  for (auto& removal : select(select_all, {})) sink(std::move(removal));
}

std::vector<log::Removal> RemovedTable::select(const char* statement, Parameters parameters) {
  std::vector<log::Removal> removals;
  const auto rows = connection_.query_as_binary(statement, parameters);
  for (const auto row : rows) removals.push_back(removal_in(row));
  return removals;
}

Swept RemovedTable::sweep() {
  Swept swept;
  Transaction transaction(connection_);
  epoch_.lock(connection_);
  const auto removals = select(select_to_sweep, {});
  swept.has_more = !removals.empty();
  if (removals.empty()) return swept;
  sweep(removals, swept);
  connection_.query(put_swept, {ids_of(removals)});
  transaction.commit();
  days_.add(days_written_);
  return swept;
}

bool RemovedTable::forget(Timestamp before) {
  Swept swept;
  Transaction transaction(connection_);
  epoch_.lock(connection_);
  const auto removals = select(select_before, {before});
  if (removals.empty()) return true;
  sweep(removals, swept);
  connection_.query(delete_removals, {ids_of(removals)});
  transaction.commit();
  days_.add(days_written_);
  return false;
}

void RemovedTable::sweep(std::span<const log::Removal> removals, Swept& swept) {
  days_written_.clear();
  connection_.run(only_by_index);
  connection_.query(delete_latest, {ids_of(removals), moments_of(removals)});
  swept.segments += connection_.query(delete_segments, {ids_of(removals), moments_of(removals)}).affected();
  cut_segments(removals, swept);
  swept.devices += removals.size();
}

void RemovedTable::cut_segments(std::span<const log::Removal> removals, Swept& swept) {
  const auto rows = connection_.query_as_binary(select_later_segments, {ids_of(removals), moments_of(removals)});
  for (const auto row : rows) {
    log::DeviceToMerge device;
    device.latest.update.device_id = row.bytes(0);
    device.records = records_in(row, first_column_of_segment);
    const auto at = time_in(row.bytes(1)), last = time_in(row.bytes(2));
    if (std::erase_if(device.records, [at](const Status& record) { return is_removed(record, at); }) == 0) continue;
    const auto merge = number_in<std::int32_t>(row.bytes(3));
    const bool is_closed = number_in<std::int8_t>(row.bytes(4)) != 0;
    connection_.query(delete_segment, {device.latest.update.device_id, last, merge, is_closed});
    ++swept.segments;
    if (device.records.empty()) continue;
    segments_.write({&device, 1}, {.merge = segments_.next_merge(), .closed = is_closed});
    if (!is_closed) days_written_.insert(day_of(last));
  }
}

}  // namespace ubiety::postgres
