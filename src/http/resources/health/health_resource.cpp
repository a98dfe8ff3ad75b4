#include "http/resources/health/health_resource.hpp"

#include <utility>
#include <vector>

namespace ubiety::http {

std::string_view HealthResource::status() const {
  const auto& readiness = service_.engine.state().readiness;
  const auto obstacle = readiness.why_not_loaded();
  if (obstacle == Obstacle::starting) return "starting";
  if (obstacle == Obstacle::standing_by) return "standby";
  return !obstacle && readiness.can(Activity::update) ? "healthy" : "unhealthy";
}

std::string_view HealthResource::database() const {
  const auto& readiness = service_.engine.state().readiness;
  const bool is_behind = readiness.waiting_in_spool() != 0 || !readiness.store_connected();
  if (readiness.can(Activity::update) && is_behind) return "spooling";
  return readiness.store_connected() ? "connected" : "disconnected";
}

Answer HealthResource::answer_of(std::string body) const {
  const bool serves = service_.engine.state().readiness.is_ready();
  auto answer = json_answer(serves ? 200 : 503, std::move(body));
  if (!serves) add_retry_after(answer);
  return answer;
}

void HealthResource::get(Exchange&& exchange) const {
  std::string body;
  json::append_object(body, [this](json::Object& object) {
    const auto state_of_database = database();
    object.member("status", status());
    object.member("timestamp", service_.clock.now());
    object.member("database", state_of_database);
    if (state_of_database == "spooling") object.member("waiting", service_.engine.state().readiness.waiting_in_spool());
    write_cause(object);
    write_problems(object);
    object.member("version", service_.options.version);
  });
  exchange.answer(answer_of(std::move(body)));
}

void HealthResource::write_cause(json::Object& object) const {
  const auto& readiness = service_.engine.state().readiness;
  if (const auto lost = readiness.store_lost()) return object.member("reason", *lost);
  const auto owner = readiness.standing_by_for();
  if (!owner) return;
  object.object("owner", [&owner](json::Object& member) {
    member.member("host", owner->host);
    member.member("pid", owner->pid);
    member.member("since", owner->since);
  });
}

// The member exists only while there is a problem.
void HealthResource::write_problems(json::Object& object) const {
  std::vector<std::string_view> problems;
  for (std::size_t i = 0; i < service_problem_names.size(); ++i)
    if (service_.has_problem(static_cast<ServiceProblem>(i))) problems.push_back(service_problem_names[i]);
  if (problems.empty()) return;
  object.array("problems", [&problems](json::Array& list) {
    for (const auto problem : problems) list.element(problem);
  });
}

void HealthResource::get_live(Exchange&& exchange) const { exchange.answer(json_answer(200, R"({"status":"alive"})")); }

void HealthResource::get_ready(Exchange&& exchange) const {
  std::string body;
  json::append_object(body, [this](json::Object& object) {
    object.member("status", service_.engine.state().readiness.is_ready() ? "ready" : status());
  });
  exchange.answer(answer_of(std::move(body)));
}

}  // namespace ubiety::http
