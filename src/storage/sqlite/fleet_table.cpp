#include "storage/sqlite/fleet_table.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace ubiety::sqlite {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view select_listening = "SELECT milliseconds, at FROM listening";
constexpr std::string_view put_listening = R"sql(
  INSERT INTO listening (only_row, milliseconds, at) VALUES (1, ?1, ?2)
  ON CONFLICT DO UPDATE SET milliseconds = excluded.milliseconds, at = excluded.at)sql";

constexpr std::string_view select_outages =
    "SELECT device_group, since, found, ended, usual_gap, heard, found_at, ended_at FROM outage";
constexpr std::string_view select_downtimes = "SELECT began_at, ended_at FROM downtime ORDER BY began_at";
constexpr std::string_view insert_downtime = "INSERT INTO downtime (began_at, ended_at) VALUES (?1, ?2)";
constexpr std::string_view insert_outage = R"sql(
  INSERT INTO outage (device_group, since, found, ended, usual_gap, heard, found_at, ended_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))sql";

ListeningTime listening_time(std::int64_t number) { return ListeningTime(milliseconds(number)); }
std::int64_t number_of(ListeningTime time) { return time.time_since_epoch().count(); }

SavedOutage outage_of(const Statement& row) {
  SavedOutage saved{.group = std::string(row.text(0)), .outage = {}, .found_at = {row.integer(6)}, .ended_at = {}};
  saved.outage.since = listening_time(row.integer(1));
  saved.outage.found = listening_time(row.integer(2));
  if (!row.is_null(3)) saved.outage.ended = listening_time(row.integer(3));
  saved.outage.usual_gap = milliseconds(row.integer(4));
  saved.outage.heard = static_cast<std::uint32_t>(row.integer(5));
  if (!row.is_null(7)) saved.ended_at = Timestamp{row.integer(7)};
  return saved;
}

}  // namespace

std::optional<ListeningClock::Saved> read_listening(const Database& database) {
  Statement row(database, select_listening);
  if (!row.next()) return std::nullopt;
  return ListeningClock::Saved{listening_time(row.integer(0)), {row.integer(1)}};
}

void write_listening(const Database& database, const ListeningClock::Saved& saved) {
  Statement put(database, put_listening);
  put.bind(1, number_of(saved.listened)).bind(2, saved.wall.microseconds).run();
}

FleetPast read_fleet_past(const Database& database) {
  FleetPast past;
  Statement outage(database, select_outages);
  while (outage.next()) past.outages.push_back(outage_of(outage));
  Statement downtime(database, select_downtimes);
  while (downtime.next()) past.downtimes.push_back({{downtime.integer(0)}, {downtime.integer(1)}});
  return past;
}

void write_fleet_past(const Database& database, const FleetPast& past) {
  Statement(database, "DELETE FROM outage").run();
  Statement(database, "DELETE FROM downtime").run();
  Statement insert(database, insert_outage);
  for (const auto& [group, outage, found_at, ended_at] : past.outages) {
    insert.bind(1, group).bind(2, number_of(outage.since)).bind(3, number_of(outage.found));
    insert.bind_or_null(4, outage.ended ? std::optional(number_of(*outage.ended)) : std::nullopt);
    insert.bind(5, outage.usual_gap.count()).bind(6, std::int64_t{outage.heard}).bind(7, found_at.microseconds);
    insert.bind_or_null(8, ended_at ? std::optional(ended_at->microseconds) : std::nullopt);
    insert.run();
  }
  Statement insert_one(database, insert_downtime);
  for (const auto& [from, to] : past.downtimes) insert_one.bind(1, from.microseconds).bind(2, to.microseconds).run();
}

}  // namespace ubiety::sqlite
