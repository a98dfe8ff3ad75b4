// A session of the store in PostgreSQL; storage/store.hpp specifies the calls.
#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <utility>

#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/history_reader.hpp"
#include "storage/postgres/partitions.hpp"
#include "storage/postgres/store.hpp"
#include "storage/postgres/watchdog.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* copy_into_history =
    "COPY device_status (device_id, timestamp, battery_level, rssi, online, created_at) FROM STDIN (FORMAT binary)";

constexpr const char* create_staging = R"sql(
  CREATE TEMPORARY TABLE staging (
    device_id text COLLATE "C", timestamp timestamptz, battery_level smallint, rssi smallint, online boolean,
    created_at timestamptz
  ) ON COMMIT DELETE ROWS)sql";

constexpr const char* copy_into_staging =
    "COPY staging (device_id, timestamp, battery_level, rssi, online, created_at) FROM STDIN (FORMAT binary)";

// In the order of the key, so that two writers with common rows wait for each other instead of deadlocking.
constexpr const char* merge_staging = R"sql(
  INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
  SELECT device_id, timestamp, battery_level, rssi, online, max(created_at)
  FROM staging
  GROUP BY device_id, timestamp, battery_level, rssi, online
  ORDER BY device_id, timestamp, battery_level, rssi, online
  ON CONFLICT (device_id, timestamp, battery_level, rssi, online)
  DO UPDATE SET created_at = excluded.created_at WHERE device_status.created_at < excluded.created_at)sql";

constexpr const char* select_watermark = R"sql(
  SELECT coalesce((extract(epoch FROM (SELECT watermark FROM checkpoint)) * 1000000)::bigint, 0))sql";

constexpr const char* find_ledger = "SELECT to_regclass('schema_migrations') IS NOT NULL";
constexpr const char* select_first_migration =
    "SELECT (extract(epoch FROM applied_at) * 1000000)::bigint FROM schema_migrations WHERE number = 1";

constexpr const char* copy_latest_out =
    "COPY device_latest (device_id, timestamp, battery_level, rssi, online, received_at) TO STDOUT (FORMAT binary)";

constexpr const char* copy_all_out = R"sql(
  COPY (SELECT device_id, timestamp, battery_level, rssi, online, created_at FROM device_status)
  TO STDOUT (FORMAT binary))sql";

constexpr const char* copy_received_since_out = R"sql(
  COPY (
    SELECT device_id, timestamp, battery_level, rssi, online, created_at
    FROM device_status
    WHERE created_at >= coalesce((SELECT watermark FROM checkpoint), '-infinity')
  ) TO STDOUT (FORMAT binary))sql";

constexpr const char* no_time_limit = "SET statement_timeout = 0";
constexpr const char* no_time_limit_here = "SET LOCAL statement_timeout = 0";  // until the transaction ends

constexpr const char* create_latest_staging = R"sql(
  CREATE TEMPORARY TABLE latest_staging (LIKE device_latest) ON COMMIT DELETE ROWS)sql";

constexpr const char* copy_into_latest_staging = R"sql(
  COPY latest_staging (device_id, timestamp, battery_level, rssi, online, received_at) FROM STDIN (FORMAT binary))sql";

// The order of NewerThan. $1 is the maximum clock skew in microseconds.
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

void expect_count(std::size_t counted, std::size_t sent) {
  if (counted != sent)
    throw SqlError("", "COPY took " + std::to_string(counted) + " of " + std::to_string(sent) + " rows");
}

// Passes the rows of a COPY to `sink`, with their origin. Throws SqlError and BadRow.
void read_rows(Connection& connection, const char* statement, Origin origin, const StatusSink& sink) {
  RowReader reader;
  connection.copy_out(statement, [&](std::string_view piece) {
    if (auto update = reader.read(piece)) sink(std::move(*update), origin);
  });
}

class PostgresSession final : public Session {
 public:
  // Connects, and waits until all abandoned backends are gone. The context outlives the session. Throws SqlError and
  // UnfitServer.
  explicit PostgresSession(StoreContext& context)
      : context_(context),
        connection_(context.url, &context.watchdog, context.demands),
        history_reader_(connection_, context.partition_changes),
        partition_keeper_(connection_, context.partition_span, context.partition_changes) {
    const CallLimit limit(*connection_.socket(), housekeeping_limit);
    context_.abandoned.end_all(connection_);
  }

  StoreResult<Committed> commit(const WriteBatch& batch) override;
  StoreResult<HistoryPage> history(const HistoryQuery& query) override;
  StoreResult<Recovered> load_latest(const StatusSink& sink) override;
  StoreResult<Done> read_all(const StatusSink& sink) override;
  StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) override;
  StoreResult<Done> set_watermark(Timestamp watermark) override;
  StoreResult<Done> ensure_partitions(Timestamp now) override;
  StoreResult<Expired> expire(Timestamp expired_before) override;
  StoreResult<std::string> identity() override;
  StoreResult<Done> ping() override;

 private:
  // For calls that may wait for locks, which have limits of their own.
  static constexpr std::chrono::seconds housekeeping_limit{30};

  // See postgres::limited.
  template <class Action>
  auto limited(std::chrono::milliseconds limit, Action action) {
    return postgres::limited(connection_, limit, std::move(action));
  }

  // Called before every write. Throws SqlError if this process is not the owner.
  void expect_admitted();
  Committed write(const WriteBatch& batch);
  // The fast lane, for updates none of which is stored yet. Returns false, and commits nothing, if one was.
  bool insert(const UpdateList& updates);
  // Both lanes in one transaction. Returns false, and commits nothing, if an update of the fast lane was stored.
  bool insert_and_merge(const WriteBatch& batch);
  // The lane for updates that may be stored already.
  void merge(const UpdateList& updates);
  void stage_and_merge(const UpdateList& updates);
  // Outside of any transaction that may be rolled back.
  void make_staging();

  StoreContext& context_;
  Connection connection_;
  HistoryReader history_reader_;
  PartitionKeeper partition_keeper_;
  bool admitted_ = false;  // see OwnerEpoch
  bool staging_ready_ = false, latest_staging_ready_ = false;
  std::string rows_;  // kept for its capacity
};

}  // namespace

StoreResult<Committed> PostgresSession::commit(const WriteBatch& batch) {
  auto committed = limited(context_.commit_limit.current(), [&] { return write(batch); });
  if (connection_.socket()->timed_out())
    context_.commit_limit.note_timeout();
  else if (committed)
    context_.commit_limit.note_success();
  if (!committed && committed.error().kind == StoreFailure::Kind::unavailable)
    context_.abandoned.add(connection_.backend());
  return committed;
}

void PostgresSession::expect_admitted() {
  if (admitted_) return;
  context_.epoch.admit(connection_);
  admitted_ = true;
}

Committed PostgresSession::write(const WriteBatch& batch) {
  expect_admitted();
  const bool inserted = batch.doubtful.empty() ? insert(batch.fresh) : insert_and_merge(batch);
  if (inserted) return {.fresh_are_new = true};
  UpdateList all = batch.fresh;
  all.insert(all.end(), batch.doubtful.begin(), batch.doubtful.end());
  merge(all);
  return {};
}

bool PostgresSession::insert(const UpdateList& updates) {
  encode(rows_, updates);
  try {
    // A COPY outside of a transaction is one of its own: two round trips instead of four. If the server took fewer rows
    // than were sent, the caller merges the whole batch again.
    return connection_.copy_in(copy_into_history, rows_) == updates.size();
  } catch (const SqlError& error) {
    if (error.state() == sqlstate::unique_violation) return false;
    throw;
  }
}

bool PostgresSession::insert_and_merge(const WriteBatch& batch) {
  if (batch.fresh.empty()) {
    merge(batch.doubtful);
    return true;
  }
  make_staging();
  try {
    Transaction transaction(connection_);
    encode(rows_, batch.fresh);
    expect_count(connection_.copy_in(copy_into_history, rows_), batch.fresh.size());
    stage_and_merge(batch.doubtful);
    transaction.commit();
    return true;
  } catch (const SqlError& error) {
    if (error.state() == sqlstate::unique_violation) return false;
    throw;
  }
}

void PostgresSession::merge(const UpdateList& updates) {
  make_staging();
  Transaction transaction(connection_);
  stage_and_merge(updates);
  transaction.commit();
}

void PostgresSession::make_staging() {
  if (staging_ready_) return;
  connection_.run(create_staging);
  staging_ready_ = true;
}

void PostgresSession::stage_and_merge(const UpdateList& updates) {
  encode(rows_, updates);
  expect_count(connection_.copy_in(copy_into_staging, rows_), updates.size());
  connection_.run(merge_staging);
}

StoreResult<HistoryPage> PostgresSession::history(const HistoryQuery& query) {
  return limited(context_.call_limit, [&] { return history_reader_.page(query); });
}

StoreResult<Recovered> PostgresSession::load_latest(const StatusSink& sink) {
  return guarded([&] {
    Recovered recovered;
    const StatusSink note_and_pass_on = [&](StatusUpdate&& update, Origin origin) {
      recovered.newest_received = std::max(recovered.newest_received, update.status.received);
      sink(std::move(update), origin);
    };
    // One snapshot for both tables, so that no checkpoint falls between them. No time limit: a start after a lost
    // checkpoint reads the whole history.
    Transaction transaction(connection_, one_snapshot);
    connection_.run(no_time_limit_here);
    recovered.watermark = Timestamp{connection_.query(select_watermark)[0].number(0)};
    recovered.newest_received = recovered.watermark;
    read_rows(connection_, copy_latest_out, Origin::checkpoint, note_and_pass_on);
    read_rows(connection_, copy_received_since_out, Origin::history, note_and_pass_on);
    transaction.commit();
    return recovered;
  });
}

StoreResult<std::string> PostgresSession::identity() {
  return limited(context_.call_limit, [&]() -> std::string {
    if (!connection_.query(find_ledger)[0].boolean(0)) return {};
    const auto first = connection_.query(select_first_migration);
    return first.empty() ? std::string() : first[0].text(0);
  });
}

StoreResult<Done> PostgresSession::read_all(const StatusSink& sink) {
  return guarded([&] {
    connection_.run(no_time_limit);
    read_rows(connection_, copy_all_out, Origin::history, sink);
    return Done{};
  });
}

StoreResult<Done> PostgresSession::write_checkpoint(std::span<const StatusUpdate> statuses) {
  return limited(housekeeping_limit, [&] {
    expect_admitted();
    if (!latest_staging_ready_) connection_.run(create_latest_staging);
    latest_staging_ready_ = true;
    Transaction transaction(connection_);
    encode(rows_, statuses);
    expect_count(connection_.copy_in(copy_into_latest_staging, rows_), statuses.size());
    connection_.query(merge_latest, {context_.newer_than.max_clock_skew().count()});
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

StoreResult<Done> PostgresSession::ensure_partitions(Timestamp now) {
  return limited(housekeeping_limit, [&] {
    partition_keeper_.create_around(now);
    return Done{};
  });
}

StoreResult<Expired> PostgresSession::expire(Timestamp expired_before) {
  return limited(housekeeping_limit, [&] {
    expect_admitted();
    return partition_keeper_.expire(expired_before);
  });
}

StoreResult<Done> PostgresSession::ping() {
  return limited(context_.call_limit, [&] {
    connection_.expect_durable();
    return Done{};
  });
}

StoreResult<std::unique_ptr<Session>> PostgresStore::open() {
  return guarded([&]() -> std::unique_ptr<Session> { return std::make_unique<PostgresSession>(context_); });
}

}  // namespace ubiety::postgres
