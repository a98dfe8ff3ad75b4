#include "storage/postgres/session.hpp"

#include <algorithm>

#include "storage/postgres/copy.hpp"
#include "storage/postgres/partitions.hpp"
#include "storage/postgres/time_text.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* unique_violation = "23505";

constexpr const char* copy_into_history =
    "COPY device_status (device_id, timestamp, battery_level, rssi, online, created_at) FROM STDIN (FORMAT binary)";

constexpr const char* create_staging = R"sql(
  CREATE TEMPORARY TABLE staging (
    device_id text COLLATE "C", timestamp timestamptz, battery_level smallint, rssi smallint, online boolean,
    created_at timestamptz
  ) ON COMMIT DELETE ROWS)sql";

constexpr const char* copy_into_staging =
    "COPY staging (device_id, timestamp, battery_level, rssi, online, created_at) FROM STDIN (FORMAT binary)";

// In the order of the key: two writers that meet then wait for each other instead of dying in a deadlock.
constexpr const char* merge_staging = R"sql(
  INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
  SELECT device_id, timestamp, battery_level, rssi, online, max(created_at)
  FROM staging
  GROUP BY device_id, timestamp, battery_level, rssi, online
  ORDER BY device_id, timestamp, battery_level, rssi, online
  ON CONFLICT (device_id, timestamp, battery_level, rssi, online)
  DO UPDATE SET created_at = excluded.created_at WHERE device_status.created_at < excluded.created_at)sql";

constexpr const char* copy_latest_out =
    "COPY device_latest (device_id, timestamp, battery_level, rssi, online, received_at) TO STDOUT (FORMAT binary)";

constexpr const char* copy_received_since_out = R"sql(
  COPY (
    SELECT device_id, timestamp, battery_level, rssi, online, created_at
    FROM device_status
    WHERE created_at >= coalesce((SELECT watermark FROM checkpoint), '-infinity')
  ) TO STDOUT (FORMAT binary))sql";

constexpr const char* create_latest_staging = R"sql(
  CREATE TEMPORARY TABLE latest_staging (LIKE device_latest) ON COMMIT DELETE ROWS)sql";

constexpr const char* copy_into_latest_staging = R"sql(
  COPY latest_staging (device_id, timestamp, battery_level, rssi, online, received_at) FROM STDIN (FORMAT binary))sql";

constexpr const char* merge_latest = R"sql(
  INSERT INTO device_latest SELECT * FROM latest_staging
  ON CONFLICT (device_id) DO UPDATE SET timestamp = excluded.timestamp, battery_level = excluded.battery_level,
    rssi = excluded.rssi, online = excluded.online, received_at = excluded.received_at)sql";

constexpr const char* put_watermark = R"sql(
  INSERT INTO checkpoint (watermark) VALUES ($1)
  ON CONFLICT (the_only_row) DO UPDATE SET watermark = excluded.watermark)sql";

// Rows of equal timestamps are told apart by the time of receipt, then by their values, so that a page can begin
// anywhere among them. Times come as microseconds since 1970.
constexpr const char* select_records = R"sql(
  SELECT (extract(epoch FROM timestamp) * 1000000)::bigint, battery_level, rssi, online::int,
         (extract(epoch FROM created_at) * 1000000)::bigint
  FROM device_status
  WHERE device_id = $1 AND timestamp > $2 AND timestamp < $3 AND timestamp <= $4
    AND (timestamp, created_at, battery_level, rssi, online) < ($4, $5, $6, $7, $8)
  ORDER BY timestamp DESC, created_at DESC, battery_level DESC, rssi DESC, online DESC
  LIMIT $9)sql";

constexpr const char* count_records =
    "SELECT count(*) FROM device_status WHERE device_id = $1 AND timestamp > $2 AND timestamp < $3";

constexpr const char* make_partition = "SELECT make_device_status_partition($1, $2, $3)";

std::string since_of(const HistoryQuery& query) { return query.since ? time_text(*query.since) : "-infinity"; }
std::string before_of(const HistoryQuery& query) { return query.before ? time_text(*query.before) : "infinity"; }

// Everything goes back when it is left without a commit.
class RawTransaction {
 public:
  explicit RawTransaction(Connection& connection, const char* begin = "BEGIN") : connection_(&connection) {
    connection.run(begin);
  }
  ~RawTransaction() {
    if (connection_ == nullptr) return;
    try {
      connection_->run("ROLLBACK");
    } catch (const SqlError&) {
      // The connection is lost, and the transaction with it; whoever uses it next is told.
    }
  }
  RawTransaction(const RawTransaction&) = delete;
  RawTransaction& operator=(const RawTransaction&) = delete;

  void commit() {
    auto* connection = connection_;
    connection_ = nullptr;
    connection->run("COMMIT");
  }

 private:
  Connection* connection_;
};

void expect_count(std::size_t counted, std::size_t sent) {
  if (counted != sent)
    throw SqlError("", "COPY took " + std::to_string(counted) + " of " + std::to_string(sent) + " rows");
}

}  // namespace

StoreResult<Done> PostgresSession::commit(const WriteBatch& batch) {
  return guarded([&] {
    const bool inserted = batch.doubtful.empty() ? insert(batch.fresh) : insert_and_merge(batch);
    if (inserted) return Done{};
    UpdateList all = batch.fresh;
    all.insert(all.end(), batch.doubtful.begin(), batch.doubtful.end());
    merge(all);
    return Done{};
  });
}

bool PostgresSession::insert(const UpdateList& updates) {
  encode(rows_, updates);
  try {
    // A COPY outside of a transaction is one: two round trips instead of four. Should the server have taken fewer rows
    // than were sent, then merging the whole batch once more puts that right.
    return copy_in(connection_, copy_into_history, rows_) == updates.size();
  } catch (const SqlError& error) {
    if (error.state() == unique_violation) return false;
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
    RawTransaction transaction(connection_);
    encode(rows_, batch.fresh);
    expect_count(copy_in(connection_, copy_into_history, rows_), batch.fresh.size());
    stage_and_merge(batch.doubtful);
    transaction.commit();
    return true;
  } catch (const SqlError& error) {
    if (error.state() == unique_violation) return false;
    throw;
  }
}

void PostgresSession::merge(const UpdateList& updates) {
  make_staging();
  RawTransaction transaction(connection_);
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
  expect_count(copy_in(connection_, copy_into_staging, rows_), updates.size());
  connection_.run(merge_staging);
}

void PostgresSession::prepare_statements() {
  if (statements_ready_) return;
  connection_.prepare("records", select_records);
  connection_.prepare("count", count_records);
  statements_ready_ = true;
}

StoreResult<HistoryPage> PostgresSession::history(const HistoryQuery& query) {
  return guarded([&] {
    prepare_statements();
    // Where no page ends: later than every record.
    const auto position = query.after ? time_text(query.after->record.timestamp) : "infinity";
    const auto received = query.after ? time_text(query.after->record.received) : "infinity";
    const Status values = query.after ? query.after->record : Status{};
    pqxx::nontransaction transaction(connection_);
    const auto rows = transaction.exec_prepared("records", query.device_id, since_of(query), before_of(query), position,
                                                received, static_cast<int>(values.battery_level),
                                                static_cast<int>(values.rssi), values.online, query.limit + 1);
    HistoryPage page;
    for (const auto& row : rows)
      page.records.push_back({.timestamp = {row[0].as<std::int64_t>()},
                              .received = {row[4].as<std::int64_t>()},
                              .rssi = row[2].as<std::int16_t>(),
                              .battery_level = static_cast<std::uint8_t>(row[1].as<int>()),
                              .online = row[3].as<int>() != 0});
    page.has_more = page.records.size() > query.limit;
    if (page.has_more) page.records.pop_back();

    const bool all_seen = !page.has_more && !query.after;
    page.total_records =
        all_seen ? page.records.size()
                 : transaction.exec_prepared1("count", query.device_id, since_of(query), before_of(query))[0]
                       .as<std::uint64_t>();
    return page;
  });
}

StoreResult<Recovered> PostgresSession::load_latest(const StatusSink& sink) {
  return guarded([&] {
    Recovered recovered;
    const StatusSink note_and_tell = [&](StatusUpdate&& update, Origin origin) {
      recovered.newest_received = std::max(recovered.newest_received, update.status.received);
      sink(std::move(update), origin);
    };
    // One snapshot for both tables: no checkpoint may come between them. No time limit: a first start after a lost
    // checkpoint reads the whole history.
    RawTransaction transaction(connection_, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    connection_.run("SET LOCAL statement_timeout = 0");
    copy_out(connection_, copy_latest_out, Origin::checkpoint, note_and_tell);
    copy_out(connection_, copy_received_since_out, Origin::history, note_and_tell);
    transaction.commit();
    return recovered;
  });
}

StoreResult<Done> PostgresSession::write_checkpoint(std::span<const StatusUpdate> statuses) {
  return guarded([&] {
    if (!latest_staging_ready_) connection_.run(create_latest_staging);
    latest_staging_ready_ = true;
    RawTransaction transaction(connection_);
    encode(rows_, statuses);
    expect_count(copy_in(connection_, copy_into_latest_staging, rows_), statuses.size());
    connection_.run(merge_latest);
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> PostgresSession::advance_watermark(Timestamp watermark) {
  return guarded([&] {
    pqxx::work transaction(connection_);
    transaction.exec_params(put_watermark, time_text(watermark));
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> PostgresSession::keep_house(Timestamp now) {
  return guarded([&] {
    for (const auto& partition : partitions_around(now, partition_span_)) {
      pqxx::work transaction(connection_);
      // Making a partition locks the default one for a moment: rather later than at the cost of the ingest.
      transaction.exec("SET LOCAL lock_timeout = '1s'");
      transaction.exec_params(make_partition, partition.name, time_text(partition.from), time_text(partition.to));
      transaction.commit();
    }
    return Done{};
  });
}

StoreResult<Done> PostgresSession::ping() {
  return guarded([&] {
    connection_.run("SELECT 1");
    return Done{};
  });
}

}  // namespace ubiety::postgres
