// A session of the embedded store; storage/store.hpp specifies the calls.
#include <algorithm>
#include <string>

#include "domain/status.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/logged_history.hpp"
#include "storage/sqlite/store.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view select_latest = R"sql(
  SELECT timestamp, battery_level, rssi, online, received_at, device_id FROM device_latest)sql";

// The order of NewerThan. ?7 is the maximum clock skew in microseconds.
constexpr std::string_view put_latest = R"sql(
  INSERT INTO device_latest (device_id, timestamp, battery_level, rssi, online, received_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  ON CONFLICT DO UPDATE SET timestamp = excluded.timestamp, battery_level = excluded.battery_level,
    rssi = excluded.rssi, online = excluded.online, received_at = excluded.received_at
  WHERE (min(excluded.timestamp, excluded.received_at + ?7), excluded.received_at, excluded.timestamp,
         excluded.battery_level, excluded.rssi, excluded.online)
      > (min(device_latest.timestamp, device_latest.received_at + ?7), device_latest.received_at,
         device_latest.timestamp, device_latest.battery_level, device_latest.rssi, device_latest.online))sql";

constexpr std::string_view find_ledger = "SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'";
constexpr std::string_view select_first_migration = "SELECT applied_at FROM schema_migrations WHERE number = 1";

constexpr std::string_view read_schema = "SELECT 1 FROM sqlite_schema LIMIT 1";

constexpr std::string_view select_watermark = "SELECT watermark FROM checkpoint";

constexpr std::string_view put_watermark = R"sql(
  INSERT INTO checkpoint (the_only_row, watermark) VALUES (1, ?1) ON CONFLICT DO UPDATE SET watermark = excluded.watermark)sql";

class SqliteSession final : public Session {
 public:
  // All sessions of the store share `unmerged`. Throws Error.
  SqliteSession(const std::string& path, SharedUnmergedUpdates& unmerged, NewerThan newer_than);

  StoreResult<Committed> commit(const WriteBatch& batch) override;
  StoreResult<HistoryPage> history(const HistoryQuery& query) override;
  StoreResult<Recovered> load_latest(const StatusSink& sink) override;
  StoreResult<Done> read_all(const StatusSink& sink) override;
  StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) override;
  StoreResult<Done> set_watermark(Timestamp watermark) override;
  StoreResult<Done> ensure_partitions(Timestamp) override { return Done{}; }
  StoreResult<Expired> expire(Timestamp expired_before) override;
  StoreResult<std::string> identity() override;
  StoreResult<Done> ping() override;

 private:
  const NewerThan newer_than_;
  Database database_;
  LoggedHistory history_;
  PreparedOnUse put_latest_, put_watermark_;
};

}  // namespace

SqliteSession::SqliteSession(const std::string& path, SharedUnmergedUpdates& unmerged, NewerThan newer_than)
    : newer_than_(newer_than),
      database_(connect_to_existing(path)),
      history_(database_, unmerged),
      put_latest_(database_, put_latest),
      put_watermark_(database_, put_watermark) {}

StoreResult<Committed> SqliteSession::commit(const WriteBatch& batch) {
  return guarded([&] { return history_.commit(batch); });
}

StoreResult<HistoryPage> SqliteSession::history(const HistoryQuery& query) {
  return guarded([&] { return history_.page(query); });
}

StoreResult<Recovered> SqliteSession::load_latest(const StatusSink& sink) {
  return guarded([&] {
    Recovered recovered;
    const StatusSink note_and_pass_on = [&](StatusUpdate&& update, Origin origin) {
      recovered.newest_received = std::max(recovered.newest_received, update.status.received);
      sink(std::move(update), origin);
    };
    // One snapshot for both, so that no checkpoint falls between the checkpoint's table and the log.
    const Snapshot snapshot(database_);
    Statement watermark(database_, select_watermark);
    if (watermark.next()) recovered.watermark = {watermark.integer(0)};
    watermark.reset();
    recovered.newest_received = recovered.watermark;
    Statement latest(database_, select_latest);
    while (latest.next()) note_and_pass_on({DeviceId(latest.text(5)), status_in(latest)}, Origin::checkpoint);
    history_.read_received_since(recovered.watermark, note_and_pass_on);
    history_.catch_up();
    return recovered;
  });
}

StoreResult<Done> SqliteSession::read_all(const StatusSink& sink) {
  return guarded([&] {
    history_.read_all(sink);
    return Done{};
  });
}

StoreResult<Done> SqliteSession::write_checkpoint(std::span<const StatusUpdate> statuses) {
  return guarded([&] {
    history_.write_beside([&] {
      for (const auto& update : statuses) {
        bind_update(*put_latest_, update);
        put_latest_->bind(7, newer_than_.max_clock_skew().count()).run();
      }
    });
    return Done{};
  });
}

StoreResult<Done> SqliteSession::set_watermark(Timestamp watermark) {
  return guarded([&] {
    history_.write_beside([&] { put_watermark_->bind(1, watermark.microseconds).run(); });
    history_.trim(watermark);
    return Done{};
  });
}

StoreResult<Expired> SqliteSession::expire(Timestamp expired_before) {
  return guarded([&] { return history_.expire(expired_before); });
}

StoreResult<std::string> SqliteSession::identity() {
  return guarded([&]() -> std::string {
    if (!Statement(database_, find_ledger).next()) return {};
    Statement first(database_, select_first_migration);
    return first.next() ? std::string(first.text(0)) : std::string();
  });
}

StoreResult<Done> SqliteSession::ping() {
  return guarded([&] {
    Statement statement(database_, read_schema);
    statement.run();
    return Done{};
  });
}

StoreResult<std::unique_ptr<Session>> SqliteStore::open() {
  return guarded(
      [&]() -> std::unique_ptr<Session> { return std::make_unique<SqliteSession>(path_, unmerged_, newer_than_); });
}

}  // namespace ubiety::sqlite
