#include "storage/postgres/partitions.hpp"

#include <chrono>
#include <cstdio>

#include "storage/postgres/segment_table.hpp"

namespace ubiety::postgres {
namespace {

using namespace std::chrono;

Timestamp midnight_of(sys_days day) { return {duration_cast<microseconds>(day.time_since_epoch()).count()}; }

sys_days today_of(Timestamp now) { return floor<days>(sys_time<microseconds>{microseconds{now.microseconds}}); }

// Creating or dropping a partition locks the table for a moment. Commits have priority, so the wait for the lock is
// short, and the next call tries again.
constexpr const char* lock_briefly = "SET LOCAL lock_timeout = '1s'";

constexpr const char* create_partition = "SELECT make_device_history_partition($1, $2, $3)";

constexpr const char* drop_expired_partition = "SELECT drop_expired_device_history_partition($1)";

// Deletes in the order of the key from device $1 on, so that each piece continues where the last one ended. The second
// `last_timestamp < $2` lets the planner prune partitions without an expired segment.
constexpr const char* delete_expired_segments = R"sql(
  WITH removed AS (
    DELETE FROM device_history
    WHERE (device_id, last_timestamp, merge) IN (
      SELECT device_id, last_timestamp, merge
      FROM device_history
      WHERE device_id >= $1 AND last_timestamp < $2
      ORDER BY device_id, last_timestamp, merge
      LIMIT $3)
      AND last_timestamp < $2
    RETURNING device_id, count)
  SELECT count(*), max(device_id), coalesce(sum(count), 0) FROM removed)sql";

// Segments that end later, on the same day. There are none if $1 is a midnight, as retention has it.
constexpr const char* delete_segments_across = R"sql(
  WITH removed AS (
    DELETE FROM device_history
    WHERE (device_id, last_timestamp, merge) IN (
      SELECT device_id, last_timestamp, merge
      FROM device_history
      WHERE last_timestamp >= $1 AND last_timestamp < $2 AND first_timestamp < $1
      LIMIT $3)
      AND last_timestamp >= $1 AND last_timestamp < $2
    RETURNING *)
  SELECT device_id, )sql" UBIETY_SEGMENT_COLUMNS " FROM removed";

constexpr std::int64_t segments_to_expire = 1'000;

std::string name_of(year_month_day date, PartitionSpan span) {
  char text[48];
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month()), day = static_cast<unsigned>(date.day());
  if (span == PartitionSpan::month)
    std::snprintf(text, sizeof text, "device_history_%04d%02u", year, month);
  else
    std::snprintf(text, sizeof text, "device_history_%04d%02u%02u", year, month, day);
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
  Transaction transaction(connection_);
  epoch_.lock(connection_);
  auto expired = delete_expired(expired_before);
  if (!expired.has_more) cut_segments(expired_before, expired);
  transaction.commit();
  expired.may_not_drop = !may_drop_;
  return expired;
}

bool PartitionKeeper::drop_expired(Timestamp expired_before) {
  try {
    Transaction transaction(connection_);
    epoch_.lock(connection_);
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
  const auto removed =
      connection_.query(delete_expired_segments, {expiring_device_, expired_before, segments_to_expire});
  const bool has_more = removed[0].number(0) == segments_to_expire;
  expiring_device_ = has_more ? removed[0].text(1) : std::string();
  return {.records = static_cast<std::uint64_t>(removed[0].number(2)), .has_more = has_more};
}

void PartitionKeeper::cut_segments(Timestamp expired_before, Expired& expired) {
  const auto today = today_of(expired_before);
  if (midnight_of(today) == expired_before) return;
  const auto removed = connection_.query_as_binary(delete_segments_across,
                                                   {expired_before, midnight_of(today + days{1}), segments_to_expire});
  std::vector<log::DeviceToMerge> cut;
  for (const auto row : removed) {
    auto& device = cut.emplace_back();
    device.latest.update.device_id = row.text(0);
    device.records = records_in(row, 1);
    expired.records +=
        std::erase_if(device.records, [&](const Status& record) { return record.timestamp < expired_before; });
  }
  if (cut.empty()) return;
  // Numbered singly: those of a device may end at the same time.
  SegmentTable segments(connection_);
  for (const auto& device : cut) segments.write({&device, 1}, {.merge = segments.next_merge(), .closed = true});
  expired.has_more = removed.size() == segments_to_expire;
}

}  // namespace ubiety::postgres
