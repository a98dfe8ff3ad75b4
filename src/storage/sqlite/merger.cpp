#include "storage/sqlite/merger.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace ubiety::sqlite {
namespace {

constexpr std::string_view select_all = R"sql(
  SELECT timestamp, battery_level, rssi, online, received_at, newest_timestamp, coalesce(last_heard, received_at),
         watched, device_id
  FROM device_latest)sql";

constexpr std::string_view select_one = R"sql(
  SELECT timestamp, battery_level, rssi, online, received_at, newest_timestamp, coalesce(last_heard, received_at),
         watched
  FROM device_latest WHERE device_id = ?1)sql";

constexpr std::string_view put_one = R"sql(
  INSERT INTO device_latest (device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp,
                             last_heard, watched)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(max(?8, ?6), ?6), nullif(?9, x''))
  ON CONFLICT DO UPDATE SET timestamp = excluded.timestamp, battery_level = excluded.battery_level,
    rssi = excluded.rssi, online = excluded.online, received_at = excluded.received_at,
    newest_timestamp = excluded.newest_timestamp, last_heard = excluded.last_heard, watched = excluded.watched)sql";

constexpr std::string_view delete_all = "DELETE FROM device_latest";
constexpr std::string_view delete_removed = R"sql(
  DELETE FROM device_latest WHERE device_id = ?1 AND min(timestamp, received_at) <= ?2)sql";

Status status_in(const Statement& row) {
  return {.timestamp = {row.integer(0)},
          .received = {row.integer(4)},
          .rssi = static_cast<std::int16_t>(row.integer(2)),
          .battery_level = static_cast<std::uint8_t>(row.integer(1)),
          .online = row.integer(3) != 0};
}

log::LatestStatus latest_in(const Statement& row, DeviceId device_id) {
  return {.update = {std::move(device_id), status_in(row)},
          .newest = {row.integer(5)},
          .last_heard = {row.integer(6)},
          .watch = watch_from(row.blob(7))};
}

}  // namespace

LatestTable::LatestTable(Database& database, NewerThan newer_than)
    : newer_than_(newer_than),
      select_all_(database, select_all),
      select_one_(database, select_one),
      put_(database, put_one),
      delete_all_(database, delete_all),
      delete_removed_(database, delete_removed) {}

void LatestTable::read(const std::function<void(log::LatestStatus&&)>& sink) {
  while (select_all_->next()) sink(latest_in(*select_all_, DeviceId(select_all_->text(8))));
}

void LatestTable::raise(const log::LatestStatus& latest) {
  select_one_->bind(1, latest.update.device_id);
  if (!select_one_->next()) return replace(latest);
  const auto stored = latest_in(*select_one_, latest.update.device_id);
  select_one_->reset();
  auto raised = latest;
  if (!newer_than_(latest.update.status, stored.update.status)) raised.update.status = stored.update.status;
  raised.newest = std::max(latest.newest, stored.newest);
  if (latest.last_heard <= stored.last_heard) {
    raised.last_heard = stored.last_heard;
    if (stored.watch) raised.watch = stored.watch;
  }
  if (raised != stored) replace(raised);
}

void LatestTable::remove_all() { delete_all_->run(); }

void LatestTable::remove(const log::Removal& removal) {
  delete_removed_->bind(1, removal.device_id).bind(2, removal.at.microseconds).run();
}

void LatestTable::replace(const log::LatestStatus& latest) {
  const auto& status = latest.update.status;
  const auto watched = latest.watch ? bytes_of(*latest.watch) : std::string();
  put_->bind(1, latest.update.device_id)
      .bind(2, status.timestamp.microseconds)
      .bind(3, status.battery_level)
      .bind(4, status.rssi)
      .bind(5, status.online ? 1 : 0)
      .bind(6, status.received.microseconds)
      .bind(7, latest.newest.microseconds)
      .bind(8, latest.last_heard.microseconds)
      .bind_blob(9, watched)
      .run();
}

log::Positions Merger::merge(const log::Positions& through, log::MergeSource& source) {
  const WithoutSync without_sync(database_);
  auto merged = merged_before(through);
  if (merged.empty()) merged = move(through, source);
  delete_merged_rows();
  shared_.known_merges().raise_to(merged);
  return merged;
}

// Returns what an earlier merge moved whose answer was lost: the source still has it.
log::Positions Merger::merged_before(const log::Positions& through) {
  auto merged = log_.merged(through);
  return shared_.known_merges().have(merged) ? log::Positions() : merged;
}

log::Positions Merger::move(const log::Positions& through, log::MergeSource& source) {
  const auto begun = begin(through);
  if (begun.through.empty()) return begun.through;
  source.begin(begun.through, begun.after);
  for (auto devices = source.next(); !devices.empty(); devices = source.next()) merge_slice(devices);
  finish(begun.through);
  return begun.through;
}

// Goes on with the merge under way, if there is one.
Merger::Begun Merger::begin(const log::Positions& through) {
  WriteTransaction transaction(database_, shared_, log_);
  Begun begun;
  if (transaction.progress().device) {
    begun.after = *transaction.progress().device;
  } else {
    log_.begin_merge(through);
  }
  begun.through = log_.merging();
  if (begun.through.empty()) return begun;  // rolls back
  const auto version = log_.raise_version();
  transaction.commit();
  shared_.note_version(version);
  return begun;
}

void Merger::merge_slice(const std::vector<log::DeviceToMerge>& devices) {
  WriteTransaction transaction(database_, shared_, log_);
  for (const auto& device : devices) {
    const auto& device_id = device.latest.update.device_id;
    if (device.may_repeat) {
      auto records = device.records;
      segments_.drop_stored(device_id, records);
      segments_.insert(device_id, records);
    } else {
      segments_.insert(device_id, device.records);
    }
    latest_.raise(device.latest);
  }
  const auto version = log_.merge_to(devices.back().latest.update.device_id);
  transaction.commit();
  shared_.note_version(version);
}

void Merger::finish(const log::Positions& through) {
  WriteTransaction transaction(database_, shared_, log_);
  const auto version = log_.end_merge();
  transaction.commit();
  shared_.note_version(version);
  for (const auto& [stream, sequence] : through) shared_.note_trimmed({stream, sequence});
}

void Merger::delete_merged_rows() {
  for (bool has_more = true; has_more;) {
    WriteTransaction transaction(database_, shared_, log_);
    has_more = log_.delete_merged(shared_);
    transaction.commit();
  }
}

}  // namespace ubiety::sqlite
