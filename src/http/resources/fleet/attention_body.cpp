#include "http/resources/fleet/attention_body.hpp"

#include "http/resources/fleet/fleet_json.hpp"
#include "json/csv.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

void append_row(json::Object& object, const AttentionRow& row) {
  const auto& details = row.details;
  const auto& status = details.state.status;
  object.member("device_id", row.rank.device_id);
  append_group(object.begin_member("group"), details.group);
  append_problems(object.begin_member("problems"), details.problems);
  object.member("battery_level", status.battery_level);
  object.member("rssi", status.rssi);
  object.member("online", status.online);
  object.member("last_heard", details.state.last_heard);
  object.member("usual_seconds", usual_seconds(details));
  object.member("was_due", details.state.was_due);
  object.member("due", details.due);
}

}  // namespace

std::string attention_json(std::span<const AttentionRow> rows, std::uint64_t total, std::string_view cursor) {
  std::string body;
  json::append_object(body, [&](json::Object& object) {
    object.array("devices", [&](json::Array& list) {
      for (const auto& row : rows) list.object([&](json::Object& each) { append_row(each, row); });
    });
    object.member("total", total);
    if (!cursor.empty()) object.member("next_cursor", cursor);
  });
  return body;
}

std::string attention_csv(std::span<const AttentionRow> rows) {
  std::string body;
  json::CsvWriter csv(body);
  csv.line("device_id", "group", "problems", "since", "battery_level", "rssi", "online", "last_heard", "usual_seconds",
           "was_due", "due");
  for (const auto& [rank, details] : rows) {
    const auto& status = details.state.status;
    std::string problems;
    for (const auto& problem : details.problems)
      problems.append(problems.empty() ? "" : " ").append(name_of(problem.kind));
    csv.line(rank.device_id, details.group, problems, rank.since, status.battery_level, status.rssi, status.online,
             details.state.last_heard, usual_seconds(details), details.state.was_due, details.due);
  }
  return body;
}

}  // namespace ubiety::http
