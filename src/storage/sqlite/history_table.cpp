#include "storage/sqlite/history_table.hpp"

#include <limits>

#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view insert_update = R"sql(
  INSERT OR IGNORE INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql";

constexpr std::string_view merge_update = R"sql(
  INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  ON CONFLICT DO UPDATE SET created_at = max(created_at, excluded.created_at))sql";

constexpr std::string_view select_newest = R"sql(
  SELECT timestamp FROM device_status WHERE device_id = ?1 ORDER BY timestamp DESC LIMIT 1)sql";

// Rows of equal timestamps are ordered by the time of receipt, then by their values, so that a page can begin anywhere
// among them.
constexpr std::string_view select_records = R"sql(
  SELECT timestamp, battery_level, rssi, online, created_at
  FROM device_status
  WHERE device_id = ?1 AND timestamp > ?2 AND timestamp < ?3 AND timestamp <= ?4
    AND (timestamp, created_at, battery_level, rssi, online) < (?4, ?5, ?6, ?7, ?8)
  ORDER BY timestamp DESC, created_at DESC, battery_level DESC, rssi DESC, online DESC
  LIMIT ?9)sql";

constexpr std::string_view count_records = R"sql(
  SELECT count(*) FROM device_status WHERE device_id = ?1 AND timestamp > ?2 AND timestamp < ?3)sql";

constexpr std::string_view select_all = R"sql(
  SELECT timestamp, battery_level, rssi, online, created_at, device_id FROM device_status)sql";

constexpr std::string_view select_next_device = R"sql(
  SELECT device_id FROM device_status WHERE device_id > ?1 ORDER BY device_id LIMIT 1)sql";

// The key has the timestamp, so the expired rows of a device are the first. Rows that the checkpoint may not have yet
// stay.
constexpr std::string_view delete_expired = R"sql(
  DELETE FROM device_status
  WHERE (device_id, timestamp, battery_level, rssi, online) IN (
    SELECT device_id, timestamp, battery_level, rssi, online
    FROM device_status
    WHERE device_id = ?1 AND timestamp < ?2
      AND created_at < ifnull((SELECT watermark FROM checkpoint), 0)
    LIMIT ?3))sql";

constexpr std::int64_t rows_to_expire = 2'000;
constexpr int devices_to_visit = 2'000;

// Stands before all records: every row compares as less.
constexpr Status before_all{.timestamp = latest_timestamp,
                            .received = {std::numeric_limits<std::int64_t>::max()},
                            .rssi = max_rssi,
                            .battery_level = max_battery_level,
                            .online = true};

constexpr Timestamp always_before{std::numeric_limits<std::int64_t>::min()};
constexpr Timestamp always_after{std::numeric_limits<std::int64_t>::max()};

}  // namespace

HistoryTable::HistoryTable(Database& database)
    : database_(database),
      insert_(database, insert_update),
      merge_(database, merge_update),
      newest_(database, select_newest),
      records_(database, select_records),
      count_(database, count_records),
      all_(database, select_all),
      next_device_(database, select_next_device),
      expire_(database, delete_expired) {}

bool HistoryTable::insert(const StatusUpdate& update) {
  bind_update(*insert_, update);
  insert_->run();
  return sqlite3_changes(database_.handle()) > 0;
}

void HistoryTable::merge(const StatusUpdate& update) {
  bind_update(*merge_, update);
  merge_->run();
}

std::optional<Timestamp> HistoryTable::newest(const DeviceId& device_id) {
  newest_->bind(1, device_id);
  if (!newest_->next()) return std::nullopt;
  const Timestamp newest{newest_->integer(0)};
  newest_->reset();
  return newest;
}

std::vector<Status> HistoryTable::records(const HistoryQuery& query, std::size_t most) {
  const Status after = query.after ? *query.after : before_all;
  records_->bind(1, query.device_id)
      .bind(2, query.since.value_or(always_before).microseconds)
      .bind(3, query.before.value_or(always_after).microseconds)
      .bind(4, after.timestamp.microseconds)
      .bind(5, after.received.microseconds)
      .bind(6, after.battery_level)
      .bind(7, after.rssi)
      .bind(8, after.online ? 1 : 0)
      .bind(9, static_cast<std::int64_t>(most));
  std::vector<Status> records;
  while (records_->next()) records.push_back(status_in(*records_));
  return records;
}

std::uint64_t HistoryTable::count(const HistoryQuery& query) {
  count_->bind(1, query.device_id)
      .bind(2, query.since.value_or(always_before).microseconds)
      .bind(3, query.before.value_or(always_after).microseconds);
  count_->next();
  const auto count = static_cast<std::uint64_t>(count_->integer(0));
  count_->reset();
  return count;
}

void HistoryTable::read_all(const StatusSink& sink) {
  while (all_->next()) sink({DeviceId(all_->text(5)), status_in(*all_)}, Origin::history);
}

Expired HistoryTable::expire(Timestamp expired_before) {
  std::int64_t removed = 0;
  const auto expired = [&](bool has_more) {
    return Expired{.rows = static_cast<std::uint64_t>(removed), .has_more = has_more};
  };
  for (int visited = 0; visited < devices_to_visit; ++visited) {
    if (expiring_device_.empty() && !go_to_next_device()) return expired(false);
    expire_->bind(1, expiring_device_).bind(2, expired_before.microseconds).bind(3, rows_to_expire - removed).run();
    removed += sqlite3_changes64(database_.handle());
    if (removed == rows_to_expire) return expired(true);
    if (!go_to_next_device()) return expired(false);
  }
  return expired(true);
}

bool HistoryTable::go_to_next_device() {
  next_device_->bind(1, expiring_device_);
  if (!next_device_->next()) {
    expiring_device_.clear();
    return false;
  }
  expiring_device_ = next_device_->text(0);
  next_device_->reset();
  return true;
}

}  // namespace ubiety::sqlite
