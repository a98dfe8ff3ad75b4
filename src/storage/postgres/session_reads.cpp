// What a session reads: histories, and at a start the latest statuses.

#include <algorithm>

#include "storage/postgres/copy.hpp"
#include "storage/postgres/session.hpp"
#include "storage/postgres/transaction.hpp"

namespace ubiety::postgres {
namespace {

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

}  // namespace

StoreResult<HistoryPage> PostgresSession::history(const HistoryQuery& query) {
  return limited(options_.call_limit, [&] { return history_reader_.page(query); });
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
    Transaction transaction(connection_, one_snapshot);
    connection_.run("SET LOCAL statement_timeout = 0");
    recovered.watermark = Timestamp{connection_.query(select_watermark)[0].number(0)};
    recovered.newest_received = recovered.watermark;
    copy_out(connection_, copy_latest_out, Origin::checkpoint, note_and_tell);
    copy_out(connection_, copy_received_since_out, Origin::history, note_and_tell);
    transaction.commit();
    return recovered;
  });
}

StoreResult<std::string> PostgresSession::identity() {
  return limited(options_.call_limit, [&]() -> std::string {
    if (!connection_.query(find_ledger)[0].boolean(0)) return {};
    const auto first = connection_.query(select_first_migration);
    return first.empty() ? std::string() : first[0].text(0);
  });
}

StoreResult<Done> PostgresSession::read_all(const StatusSink& sink) {
  return guarded([&] {
    connection_.run("SET statement_timeout = 0");
    copy_out(connection_, copy_all_out, Origin::history, sink);
    return Done{};
  });
}

}  // namespace ubiety::postgres
