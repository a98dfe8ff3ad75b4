#include "storage/postgres/partitions.hpp"

#include <chrono>
#include <cstdio>

namespace ubiety::postgres {
namespace {

using namespace std::chrono;

Timestamp midnight_of(sys_days day) { return {duration_cast<microseconds>(day.time_since_epoch()).count()}; }

sys_days today_of(Timestamp now) { return floor<days>(sys_time<microseconds>{microseconds{now.microseconds}}); }

// Creating or dropping a partition locks the table for a moment. Commits have priority, so the wait for the lock is
// short, and the next call tries again.
constexpr const char* lock_briefly = "SET LOCAL lock_timeout = '1s'";

constexpr const char* create_partition = "SELECT make_device_status_partition($1, $2, $3)";

constexpr const char* drop_expired_partition = "SELECT drop_expired_device_status_partition($1)";

// Deletes in the order of the key from device $1 on, so that each piece continues where the last one ended. The second
// `timestamp < $2` lets the planner prune partitions without an expired row.
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

std::string name_of(year_month_day date, PartitionSpan span) {
  char text[48];
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month()), day = static_cast<unsigned>(date.day());
  if (span == PartitionSpan::month)
    std::snprintf(text, sizeof text, "device_status_%04d%02u", year, month);
  else
    std::snprintf(text, sizeof text, "device_status_%04d%02u%02u", year, month, day);
  return text;
}

}  // namespace

std::vector<Partition> partitions_around(Timestamp now, PartitionSpan span) {
  std::vector<Partition> partitions;
  for (int step = -1; step <= 2; ++step) {
    sys_days from, to;
    if (span == PartitionSpan::month) {
      const year_month_day today{today_of(now)};
      const auto month = today.year() / today.month() + months{step};
      from = sys_days{month / 1};
      to = sys_days{(month + months{1}) / 1};
    } else {
      from = today_of(now) + days{step};
      to = from + days{1};
    }
    partitions.push_back({name_of(year_month_day{from}, span), midnight_of(from), midnight_of(to)});
  }
  return partitions;
}

void PartitionKeeper::create_around(Timestamp now) {
  for (const auto& partition : partitions_around(now, span_)) create(partition);
  ++changes_;
}

void PartitionKeeper::create(const Partition& partition) {
  try {
    Transaction transaction(connection_);
    connection_.run(lock_briefly);
    connection_.query(create_partition, {partition.name, partition.from, partition.to});
    transaction.commit();
  } catch (const SqlError& error) {
    if (error.state() != sqlstate::lock_not_available) throw;
  }
}

Expired PartitionKeeper::expire(Timestamp expired_before) {
  if (may_drop_ && drop_expired(expired_before)) {
    ++changes_;
    return {.partitions = 1, .has_more = true};
  }
  auto expired = delete_expired(expired_before);
  expired.may_not_drop = !may_drop_;
  return expired;
}

bool PartitionKeeper::drop_expired(Timestamp expired_before) {
  try {
    Transaction transaction(connection_);
    connection_.run(lock_briefly);
    const bool dropped = connection_.query(drop_expired_partition, {expired_before})[0].boolean(0);
    transaction.commit();
    return dropped;
  } catch (const SqlError& error) {
    may_drop_ = error.state() != sqlstate::insufficient_privilege;
    if (may_drop_ && error.state() != sqlstate::lock_not_available) throw;
    return false;
  }
}

Expired PartitionKeeper::delete_expired(Timestamp expired_before) {
  const auto removed = connection_.query(delete_expired_rows, {expiring_device_, expired_before, rows_to_expire});
  const auto rows = removed[0].number(0);
  const bool has_more = rows == rows_to_expire;
  expiring_device_ = has_more ? removed[0].text(1) : std::string();
  return {.rows = static_cast<std::uint64_t>(rows), .has_more = has_more};
}

}  // namespace ubiety::postgres
