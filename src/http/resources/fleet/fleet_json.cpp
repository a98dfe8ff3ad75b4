#include "http/resources/fleet/fleet_json.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>

namespace ubiety::http {
namespace {

void add_amount(json::Object& object, const Problem& problem) {
  switch (problem.kind) {
    case ProblemKind::battery_falling: return object.member("days_to_empty", std::round(problem.amount * 10.0) / 10);
    case ProblemKind::clock: return object.member("seconds", std::round(static_cast<double>(problem.amount)));
    case ProblemKind::flapping: return object.member("departures", static_cast<std::int64_t>(problem.amount));
    case ProblemKind::silent:
    case ProblemKind::battery_low:
    case ProblemKind::weak_signal: return;
  }
}

void add_what(json::Object& object, const ProblemEvent& event) {
  object.member("kind", "problem");
  object.member("state", event.ended ? "ended" : "began");
  object.member("device_id", event.device_id);
  append_group(object.begin_member("group"), event.group);
  append_problem(object.begin_member("problem"), event.problem, event.ended);
}

void add_what(json::Object& object, const OutageEvent& event) {
  object.member("kind", "outage");
  object.member("state", event.outage.saved.ended_at ? "ended" : "began");
  append_outage(object.begin_member("outage"), event.outage);
}

void add_what(json::Object& object, const RemovalEvent& event) {
  object.member("kind", "removed");
  if (event.device_id) return object.member("device_id", *event.device_id);
  object.member("devices", event.devices);
  if (!event.prefix.empty()) object.member("prefix", event.prefix);
  if (event.silent_for) object.member("silent_for", event.silent_for->count());
}

void add_what(json::Object& object, const MuteEvent& event) {
  object.member("kind", event.until ? "muted" : "unmuted");
  add_target(object, event.target);
  if (event.until) object.member("until", *event.until);
}

}  // namespace

std::optional<double> usual_seconds(const DeviceDetails& details) {
  if (!details.usual) return std::nullopt;
  return std::chrono::duration<double>(*details.usual).count();
}

void add_target(json::Object& object, const MuteTarget& target) {
  object.member(target.kind == MuteTarget::Kind::device ? "device_id" : "prefix", target.text);
}

void append_group(std::string& out, std::string_view name) {
  json::append(out, name.empty() ? std::nullopt : std::optional(name));
}

void append_problem(std::string& out, const Problem& problem, std::optional<Timestamp> ended) {
  json::append_object(out, [&](json::Object& object) {
    object.member("kind", name_of(problem.kind));
    object.member("since", problem.since);
    if (ended) object.member("until", *ended);
    add_amount(object, problem);
  });
}

void append_problems(std::string& out, const std::vector<Problem>& problems) {
  json::append_array(out, [&](json::Array& list) {
    for (const auto& problem : problems) append_problem(list.begin_element(), problem);
  });
}

void append_outage(std::string& out, const OutageView& outage) {
  json::append_object(out, [&](json::Object& object) {
    append_group(object.begin_member("group"), outage.saved.group);
    object.member("since", outage.saved.began_at());
    object.member("found", outage.saved.found_at);
    object.member("ended", outage.saved.ended_at);
    object.member("devices", outage.now.devices);
    object.member("heard", outage.now.devices - outage.now.silent);
    object.member("silent", outage.now.silent);
  });
}

void append_event(std::string& out, const FleetEvent& event) {
  json::append_object(out, [&](json::Object& object) {
    object.member("time", event.time);
    std::visit([&](const auto& what) { add_what(object, what); }, event.what);
  });
}

}  // namespace ubiety::http
