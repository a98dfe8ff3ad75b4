#include "storage/sqlite/latest_table.hpp"

#include <algorithm>
#include <string_view>

namespace ubiety::sqlite {
namespace {

constexpr std::string_view select_all = R"sql(
  SELECT timestamp, battery_level, rssi, online, received_at, newest_timestamp, device_id FROM device_latest)sql";

constexpr std::string_view select_one = R"sql(
  SELECT timestamp, battery_level, rssi, online, received_at, newest_timestamp FROM device_latest
  WHERE device_id = ?1)sql";

constexpr std::string_view put_one = R"sql(
  INSERT INTO device_latest (device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
  ON CONFLICT DO UPDATE SET timestamp = excluded.timestamp, battery_level = excluded.battery_level,
    rssi = excluded.rssi, online = excluded.online, received_at = excluded.received_at,
    newest_timestamp = excluded.newest_timestamp)sql";

Status status_in(const Statement& row) {
  return {.timestamp = {row.integer(0)},
          .received = {row.integer(4)},
          .rssi = static_cast<std::int16_t>(row.integer(2)),
          .battery_level = static_cast<std::uint8_t>(row.integer(1)),
          .online = row.integer(3) != 0};
}

}  // namespace

LatestTable::LatestTable(Database& database, NewerThan newer_than)
    : newer_than_(newer_than),
      select_all_(database, select_all),
      select_one_(database, select_one),
      put_(database, put_one) {}

void LatestTable::read(const std::function<void(log::LatestStatus&&)>& sink) {
  while (select_all_->next())
    sink({.update = {DeviceId(select_all_->text(6)), status_in(*select_all_)}, .newest = {select_all_->integer(5)}});
}

void LatestTable::raise(const log::LatestStatus& latest) {
  select_one_->bind(1, latest.update.device_id);
  if (!select_one_->next()) return replace(latest);
  const auto stored = status_in(*select_one_);
  const Timestamp stored_newest{select_one_->integer(5)};
  select_one_->reset();
  auto raised = latest;
  if (!newer_than_(latest.update.status, stored)) raised.update.status = stored;
  raised.newest = std::max(latest.newest, stored_newest);
  if (raised.update.status != stored || raised.newest != stored_newest) replace(raised);
}

void LatestTable::replace(const log::LatestStatus& latest) {
  const auto& status = latest.update.status;
  put_->bind(1, latest.update.device_id)
      .bind(2, status.timestamp.microseconds)
      .bind(3, status.battery_level)
      .bind(4, status.rssi)
      .bind(5, status.online ? 1 : 0)
      .bind(6, status.received.microseconds)
      .bind(7, latest.newest.microseconds)
      .run();
}

}  // namespace ubiety::sqlite
