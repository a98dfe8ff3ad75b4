#include "storage/postgres/session.hpp"

#include "storage/postgres/copy.hpp"
#include "storage/postgres/transaction.hpp"

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

}  // namespace

StoreResult<Committed> PostgresSession::commit(const WriteBatch& batch) {
  auto committed = limited(commit_limit_.current(), [&] { return write(batch); });
  if (connection_.socket()->given_up())
    commit_limit_.given_up();
  else if (committed)
    commit_limit_.kept();
  if (!committed && committed.error().kind == StoreFailure::Kind::unavailable) abandoned_.add(connection_.backend());
  return committed;
}

void PostgresSession::expect_admitted() {
  if (admitted_) return;
  epoch_.admit(connection_);
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
    Transaction transaction(connection_);
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
  expect_count(copy_in(connection_, copy_into_staging, rows_), updates.size());
  connection_.run(merge_staging);
}

}  // namespace ubiety::postgres
