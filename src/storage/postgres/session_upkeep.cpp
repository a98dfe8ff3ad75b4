// What a session writes beside the history: the checkpoint, and room for the coming days.

#include "storage/postgres/copy.hpp"
#include "storage/postgres/partitions.hpp"
#include "storage/postgres/session.hpp"
#include "storage/postgres/transaction.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* lock_not_available = "55P03";

constexpr const char* create_latest_staging = R"sql(
  CREATE TEMPORARY TABLE latest_staging (LIKE device_latest) ON COMMIT DELETE ROWS)sql";

constexpr const char* copy_into_latest_staging = R"sql(
  COPY latest_staging (device_id, timestamp, battery_level, rssi, online, received_at) FROM STDIN (FORMAT binary))sql";

// As NewerThan has it; $1 is the greatest clock skew in microseconds.
constexpr const char* merge_latest = R"sql(
  INSERT INTO device_latest SELECT * FROM latest_staging
  ON CONFLICT (device_id) DO UPDATE SET timestamp = excluded.timestamp, battery_level = excluded.battery_level,
    rssi = excluded.rssi, online = excluded.online, received_at = excluded.received_at
  WHERE (least(excluded.timestamp, excluded.received_at + $1 * interval '1 microsecond'), excluded.received_at,
         excluded.timestamp, excluded.battery_level, excluded.rssi, excluded.online)
      > (least(device_latest.timestamp, device_latest.received_at + $1 * interval '1 microsecond'),
         device_latest.received_at, device_latest.timestamp, device_latest.battery_level, device_latest.rssi,
         device_latest.online))sql";

constexpr const char* put_watermark = R"sql(
  INSERT INTO checkpoint (watermark) VALUES ($1)
  ON CONFLICT (the_only_row) DO UPDATE SET watermark = excluded.watermark)sql";

// Making and dropping partitions locks the table for a moment: rather later than at the cost of the ingest.
constexpr const char* wait_shortly = "SET LOCAL lock_timeout = '1s'";

constexpr const char* drop_partition = "SELECT drop_expired_device_status_partition($1)";

// Of the devices from $1 on, in the order of the key, so that a piece begins where the one before ended. Partitions
// that have no expired row are not looked at.
constexpr const char* delete_expired_rows = R"sql(
  WITH removed AS (
    DELETE FROM device_status
    WHERE (device_id, timestamp, battery_level, rssi, online) IN (
      SELECT device_id, timestamp, battery_level, rssi, online
      FROM device_status
      WHERE device_id >= $1 AND timestamp < $2 AND created_at < (SELECT watermark FROM checkpoint)
      ORDER BY device_id, timestamp, battery_level, rssi, online
      LIMIT $3)
      AND timestamp < $2
    RETURNING device_id)
  SELECT count(*), max(device_id) FROM removed)sql";

constexpr std::int64_t rows_to_expire = 5'000;

constexpr const char* insufficient_privilege = "42501";

constexpr const char* make_partition = "SELECT make_device_status_partition($1, $2, $3)";

}  // namespace

StoreResult<Done> PostgresSession::write_checkpoint(std::span<const StatusUpdate> statuses) {
  return limited(housekeeping_limit, [&] {
    expect_admitted();
    if (!latest_staging_ready_) connection_.run(create_latest_staging);
    latest_staging_ready_ = true;
    Transaction transaction(connection_);
    encode(rows_, statuses);
    expect_count(copy_in(connection_, copy_into_latest_staging, rows_), statuses.size());
    connection_.query(merge_latest, {options_.newer_than.max_clock_skew().count()});
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> PostgresSession::set_watermark(Timestamp watermark) {
  return limited(housekeeping_limit, [&] {
    expect_admitted();
    connection_.query(put_watermark, {watermark});
    return Done{};
  });
}

StoreResult<Done> PostgresSession::keep_house(Timestamp now) {
  return limited(housekeeping_limit, [&] {
    for (const auto& partition : partitions_around(now, options_.partition_span)) make(partition);
    ++partition_changes_;
    return Done{};
  });
}

void PostgresSession::make(const Partition& partition) {
  try {
    Transaction transaction(connection_);
    connection_.run(wait_shortly);
    connection_.query(make_partition, {partition.name, partition.from, partition.to});
    transaction.commit();
  } catch (const SqlError& error) {
    if (error.state() != lock_not_available) throw;
  }
}

StoreResult<Expired> PostgresSession::expire(Timestamp expired_before) {
  return limited(housekeeping_limit, [&] {
    expect_admitted();
    if (may_drop_ && drop_expired_partition(expired_before)) {
      ++partition_changes_;
      return Expired{.partitions = 1, .has_more = true};
    }
    auto expired = delete_expired(expired_before);
    expired.may_not_drop = !may_drop_;
    return expired;
  });
}

Expired PostgresSession::delete_expired(Timestamp expired_before) {
  const auto removed = connection_.query(delete_expired_rows, {expiring_device_, expired_before, rows_to_expire});
  const auto rows = removed[0].number(0);
  const bool has_more = rows == rows_to_expire;
  expiring_device_ = has_more ? removed[0].text(1) : std::string();
  return {.rows = static_cast<std::uint64_t>(rows), .has_more = has_more};
}

bool PostgresSession::drop_expired_partition(Timestamp expired_before) {
  try {
    Transaction transaction(connection_);
    connection_.run(wait_shortly);
    const bool dropped = connection_.query(drop_partition, {expired_before})[0].boolean(0);
    transaction.commit();
    return dropped;
  } catch (const SqlError& error) {
    may_drop_ = error.state() != insufficient_privilege;
    if (may_drop_ && error.state() != lock_not_available) throw;
    return false;
  }
}

StoreResult<Done> PostgresSession::ping() {
  return limited(options_.call_limit, [&] {
    connection_.expect_durable();
    return Done{};
  });
}

}  // namespace ubiety::postgres
