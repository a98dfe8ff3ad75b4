#include "storage/sqlite/session.hpp"

#include <algorithm>
#include <limits>

#include "storage/sqlite/update_rows.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view insert_update = R"sql(
  INSERT OR IGNORE INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql";

constexpr std::string_view merge_update = R"sql(
  INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  ON CONFLICT DO UPDATE SET created_at = max(created_at, excluded.created_at))sql";

// Rows of equal timestamps are told apart by the time of receipt, then by their values, so that a page can begin
// anywhere among them.
constexpr std::string_view select_records = R"sql(
  SELECT timestamp, battery_level, rssi, online, created_at
  FROM device_status
  WHERE device_id = ?1 AND timestamp > ?2 AND timestamp < ?3 AND timestamp <= ?4
    AND (timestamp, created_at, battery_level, rssi, online) < (?4, ?5, ?6, ?7, ?8)
  ORDER BY timestamp DESC, created_at DESC, battery_level DESC, rssi DESC, online DESC
  LIMIT ?9)sql";

constexpr std::string_view count_records = R"sql(
  SELECT count(*) FROM device_status WHERE device_id = ?1 AND timestamp > ?2 AND timestamp < ?3)sql";

constexpr std::string_view select_latest = R"sql(
  SELECT timestamp, battery_level, rssi, online, received_at, device_id FROM device_latest)sql";

constexpr std::string_view select_received_since = R"sql(
  SELECT timestamp, battery_level, rssi, online, created_at, device_id
  FROM device_status
  WHERE created_at >= ifnull((SELECT watermark FROM checkpoint), 0))sql";

constexpr std::string_view select_all = R"sql(
  SELECT timestamp, battery_level, rssi, online, created_at, device_id FROM device_status)sql";

constexpr std::string_view put_latest = R"sql(
  INSERT INTO device_latest (device_id, timestamp, battery_level, rssi, online, received_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  ON CONFLICT DO UPDATE SET timestamp = excluded.timestamp, battery_level = excluded.battery_level,
    rssi = excluded.rssi, online = excluded.online, received_at = excluded.received_at)sql";

constexpr std::string_view select_watermark = "SELECT watermark FROM checkpoint";

constexpr std::string_view put_watermark = R"sql(
  INSERT INTO checkpoint (the_only_row, watermark) VALUES (1, ?1) ON CONFLICT DO UPDATE SET watermark = excluded.watermark)sql";

// Found by the time of receipt, which has an index: an old report that came in late is kept for as long as one that was
// new when it came. What the checkpoint may not have yet stays.
constexpr std::string_view delete_expired = R"sql(
  DELETE FROM device_status
  WHERE (device_id, timestamp, battery_level, rssi, online) IN (
    SELECT device_id, timestamp, battery_level, rssi, online
    FROM device_status
    WHERE created_at < min(?1, ifnull((SELECT watermark FROM checkpoint), 0)) AND timestamp < ?1
    ORDER BY created_at
    LIMIT ?2))sql";

constexpr std::int64_t rows_to_expire = 2'000;

// The position before all records: every row of values compares as less.
constexpr Status before_all{.timestamp = latest_timestamp,
                            .received = {std::numeric_limits<std::int64_t>::max()},
                            .rssi = highest_rssi,
                            .battery_level = highest_battery_level,
                            .online = true};

void tell(Statement& rows, Origin origin, const StatusSink& sink, Recovered& recovered) {
  while (rows.next()) {
    StatusUpdate update{DeviceId(rows.text(5)), status_in(rows)};
    recovered.newest_received = std::max(recovered.newest_received, update.status.received);
    sink(std::move(update), origin);
  }
}

}  // namespace

Statement& SqliteSession::prepared(std::optional<Statement>& statement, std::string_view sql) {
  if (!statement) statement.emplace(database_, sql);
  return *statement;
}

bool SqliteSession::insert(const UpdateList& updates) {
  auto& statement = prepared(insert_, insert_update);
  UpdateList there_already;
  for (const auto* update : updates) {
    bind_update(statement, *update);
    statement.run();
    if (sqlite3_changes(database_.handle()) == 0) there_already.push_back(update);
  }
  merge(there_already);
  return there_already.empty();
}

void SqliteSession::merge(const UpdateList& updates) {
  auto& statement = prepared(merge_, merge_update);
  for (const auto* update : updates) {
    bind_update(statement, *update);
    statement.run();
  }
}

StoreResult<Committed> SqliteSession::commit(const WriteBatch& batch) {
  return guarded([&] {
    Transaction transaction(database_);
    const bool fresh_are_new = insert(batch.fresh);
    merge(batch.doubtful);
    transaction.commit();
    return Committed{fresh_are_new};
  });
}

StoreResult<HistoryPage> SqliteSession::history(const HistoryQuery& query) {
  return guarded([&] {
    const auto since = query.since.value_or(Timestamp{std::numeric_limits<std::int64_t>::min()});
    const auto before = query.before.value_or(Timestamp{std::numeric_limits<std::int64_t>::max()});
    const Status after = query.after ? query.after->record : before_all;

    HistoryPage page;
    auto& records = prepared(records_, select_records);
    records.bind(1, query.device_id)
        .bind(2, since.microseconds)
        .bind(3, before.microseconds)
        .bind(4, after.timestamp.microseconds)
        .bind(5, after.received.microseconds)
        .bind(6, after.battery_level)
        .bind(7, after.rssi)
        .bind(8, after.online ? 1 : 0)
        .bind(9, static_cast<std::int64_t>(query.limit) + 1);
    while (records.next()) page.records.push_back(status_in(records));
    page.has_more = page.records.size() > query.limit;
    if (page.has_more) page.records.pop_back();

    if (!page.has_more && !query.after) {
      page.total_records = page.records.size();
      return page;
    }
    if (query.total_records) {
      page.total_records = *query.total_records;
      return page;
    }
    auto& count = prepared(count_, count_records);
    count.bind(1, query.device_id).bind(2, since.microseconds).bind(3, before.microseconds);
    count.next();
    page.total_records = static_cast<std::uint64_t>(count.integer(0));
    count.reset();
    return page;
  });
}

StoreResult<Recovered> SqliteSession::load_latest(const StatusSink& sink) {
  return guarded([&] {
    Recovered recovered;
    // One snapshot for both tables: no checkpoint may come between them.
    database_.execute("BEGIN");
    {
      Statement watermark(database_, select_watermark);
      if (watermark.next()) recovered.newest_received = {watermark.integer(0)};
      watermark.reset();
      Statement latest(database_, select_latest);
      tell(latest, Origin::checkpoint, sink, recovered);
      Statement since(database_, select_received_since);
      tell(since, Origin::history, sink, recovered);
    }
    database_.execute("COMMIT");
    return recovered;
  });
}

StoreResult<Done> SqliteSession::read_all(const StatusSink& sink) {
  return guarded([&] {
    Recovered ignored;
    Statement all(database_, select_all);
    tell(all, Origin::history, sink, ignored);
    return Done{};
  });
}

StoreResult<Done> SqliteSession::write_checkpoint(std::span<const StatusUpdate> statuses) {
  return guarded([&] {
    Transaction transaction(database_);
    auto& statement = prepared(put_latest_, put_latest);
    for (const auto& update : statuses) {
      bind_update(statement, update);
      statement.run();
    }
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> SqliteSession::advance_watermark(Timestamp watermark) {
  return guarded([&] {
    Statement statement(database_, put_watermark);
    statement.bind(1, watermark.microseconds).run();
    return Done{};
  });
}

StoreResult<bool> SqliteSession::expire(Timestamp expired_before) {
  return guarded([&] {
    Statement statement(database_, delete_expired);
    statement.bind(1, expired_before.microseconds).bind(2, rows_to_expire).run();
    return sqlite3_changes64(database_.handle()) == rows_to_expire;
  });
}

StoreResult<Done> SqliteSession::ping() {
  return guarded([&] {
    Statement statement(database_, "SELECT 1 FROM sqlite_schema LIMIT 1");
    statement.run();
    return Done{};
  });
}

}  // namespace ubiety::sqlite
