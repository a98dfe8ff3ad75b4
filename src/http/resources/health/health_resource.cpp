#include "http/resources/health/health_resource.hpp"

#include <utility>

#include "json/writer.hpp"

namespace ubiety::http {

std::string_view HealthResource::status() const {
  const auto& state = service_.engine.state();
  if (state.store_lost()) return "unhealthy";
  if (state.standing_by_for()) return "standby";
  if (!state.loaded()) return "starting";
  return state.takes_updates() ? "healthy" : "unhealthy";
}

std::string_view HealthResource::database() const {
  const auto& state = service_.engine.state();
  if (state.takes_updates() && (state.waiting_in_spool() != 0 || !state.store_connected())) return "spooling";
  return state.store_connected() ? "connected" : "disconnected";
}

Answer HealthResource::answer_of(std::string body) const {
  const bool serves = service_.engine.state().serving();
  auto answer = json_answer(serves ? 200 : 503, std::move(body));
  if (!serves) add_retry_after(answer);
  return answer;
}

// The member is there only while there are some.
void HealthResource::append_problems(std::string& body) const {
  std::string list;
  for (std::size_t i = 0; i < problem_names.size(); ++i) {
    if (!service_.has_problem(static_cast<Problem>(i))) continue;
    if (!list.empty()) list += ',';
    json::append_string(list, problem_names[i]);
  }
  if (!list.empty()) body += ",\"problems\":[" + list + ']';
}

void HealthResource::get(Exchange&& exchange) const {
  std::string body = "{\"status\":";
  json::append_string(body, status());
  body += ",\"timestamp\":";
  json::append_timestamp(body, service_.clock.now());
  body += ",\"database\":";
  const auto state_of_database = database();
  json::append_string(body, state_of_database);
  if (state_of_database == "spooling") {
    body += ",\"waiting\":";
    json::append_number(body, service_.engine.state().waiting_in_spool());
  }
  append_cause(body);
  append_problems(body);
  body += ",\"version\":";
  json::append_string(body, service_.options.version);
  body += '}';
  exchange.answer(answer_of(std::move(body)));
}

void HealthResource::append_cause(std::string& body) const {
  const auto& state = service_.engine.state();
  if (const auto lost = state.store_lost()) {
    body += ",\"reason\":";
    json::append_string(body, *lost);
  } else if (const auto owner = state.standing_by_for()) {
    body += R"(,"owner":{"host":)";
    json::append_string(body, owner->host);
    body += ",\"pid\":";
    json::append_number(body, owner->pid);
    body += ",\"since\":";
    json::append_timestamp(body, owner->since);
    body += '}';
  }
}

void HealthResource::get_live(Exchange&& exchange) const { exchange.answer(json_answer(200, R"({"status":"alive"})")); }

void HealthResource::get_ready(Exchange&& exchange) const {
  std::string body = "{\"status\":";
  json::append_string(body, service_.engine.state().serving() ? "ready" : status());
  body += '}';
  exchange.answer(answer_of(std::move(body)));
}

}  // namespace ubiety::http
