// What a session reads: histories, and at a start the latest statuses.

#include <algorithm>

#include "storage/postgres/copy.hpp"
#include "storage/postgres/session.hpp"
#include "storage/postgres/time_text.hpp"

namespace ubiety::postgres {
namespace {

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

constexpr const char* select_watermark = R"sql(
  SELECT coalesce((extract(epoch FROM (SELECT watermark FROM checkpoint)) * 1000000)::bigint, 0))sql";

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

std::string since_of(const HistoryQuery& query) { return query.since ? time_text(*query.since) : "-infinity"; }
std::string before_of(const HistoryQuery& query) { return query.before ? time_text(*query.before) : "infinity"; }

}  // namespace

void PostgresSession::prepare_statements() {
  if (statements_ready_) return;
  connection_.prepare("records", select_records);
  connection_.prepare("count", count_records);
  statements_ready_ = true;
}

StoreResult<HistoryPage> PostgresSession::history(const HistoryQuery& query) {
  return limited(options_.call_limit, [&] {
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
        : query.total_records
            ? *query.total_records
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
    pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> transaction(connection_);
    transaction.exec("SET LOCAL statement_timeout = 0");
    recovered.newest_received = {transaction.exec1(select_watermark)[0].as<std::int64_t>()};
    copy_out(connection_, copy_latest_out, Origin::checkpoint, note_and_tell);
    copy_out(connection_, copy_received_since_out, Origin::history, note_and_tell);
    transaction.commit();
    return recovered;
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
