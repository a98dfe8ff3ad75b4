#include "storage/postgres/fleet_table.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace ubiety::postgres {
namespace {

using std::chrono::milliseconds;

constexpr const char* select_listening =
    "SELECT milliseconds, (extract(epoch FROM at) * 1000000)::bigint FROM listening";
constexpr const char* put_listening = R"sql(
  INSERT INTO listening (milliseconds, at) VALUES ($1, $2::timestamptz)
  ON CONFLICT (only_row) DO UPDATE SET milliseconds = excluded.milliseconds, at = excluded.at)sql";

constexpr const char* select_outages = R"sql(
  SELECT device_group, since, found, ended, usual_gap, heard, (extract(epoch FROM found_at) * 1000000)::bigint,
         (extract(epoch FROM ended_at) * 1000000)::bigint
  FROM outage)sql";
constexpr const char* select_downtimes = R"sql(
  SELECT (extract(epoch FROM began_at) * 1000000)::bigint, (extract(epoch FROM ended_at) * 1000000)::bigint
  FROM downtime ORDER BY began_at)sql";
constexpr const char* insert_downtime =
    "INSERT INTO downtime (began_at, ended_at) VALUES ($1::timestamptz, $2::timestamptz)";
constexpr const char* insert_outage = R"sql(
  INSERT INTO outage (device_group, since, found, ended, usual_gap, heard, found_at, ended_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz, $8::timestamptz))sql";

ListeningTime listening_time(std::int64_t number) { return ListeningTime(milliseconds(number)); }
std::int64_t number_of(ListeningTime time) { return time.time_since_epoch().count(); }

SavedOutage outage_of(const Row& row) {
  SavedOutage saved{.group = row.text(0), .outage = {}, .found_at = {row.number(6)}, .ended_at = {}};
  saved.outage.since = listening_time(row.number(1));
  saved.outage.found = listening_time(row.number(2));
  if (!row.is_null(3)) saved.outage.ended = listening_time(row.number(3));
  saved.outage.usual_gap = milliseconds(row.number(4));
  saved.outage.heard = static_cast<std::uint32_t>(row.number(5));
  if (!row.is_null(7)) saved.ended_at = Timestamp{row.number(7)};
  return saved;
}

}  // namespace

std::optional<ListeningClock::Saved> read_listening(Connection& connection) {
  const auto rows = connection.query(select_listening);
  if (rows.empty()) return std::nullopt;
  return ListeningClock::Saved{listening_time(rows[0].number(0)), {rows[0].number(1)}};
}

void write_listening(Connection& connection, const ListeningClock::Saved& saved) {
  connection.query(put_listening, {number_of(saved.listened), saved.wall});
}

FleetPast read_fleet_past(Connection& connection) {
  FleetPast past;
  for (const auto& row : connection.query(select_outages)) past.outages.push_back(outage_of(row));
  for (const auto& row : connection.query(select_downtimes))
    past.downtimes.push_back({{row.number(0)}, {row.number(1)}});
  return past;
}

void write_fleet_past(Connection& connection, const FleetPast& past) {
  Transaction transaction(connection);
  connection.run("DELETE FROM outage; DELETE FROM downtime");
  for (const auto& [group, outage, found_at, ended_at] : past.outages) {
    std::optional<std::string> ended;
    if (outage.ended) ended = std::to_string(number_of(*outage.ended));
    connection.query_often(insert_outage, {group, number_of(outage.since), number_of(outage.found), ended,
                                           outage.usual_gap.count(), outage.heard, found_at, ended_at});
  }
  for (const auto& [from, to] : past.downtimes) connection.query_often(insert_downtime, {from, to});
  transaction.commit();
}

}  // namespace ubiety::postgres
