#include "http/health_resource.hpp"

#include <utility>

#include "json/writer.hpp"

namespace ubiety::http {

std::string_view HealthResource::status() const {
  const auto& state = service_.engine.state();
  if (!state.loaded()) return "starting";
  return state.store_connected() ? "healthy" : "unhealthy";
}

void HealthResource::get(Exchange exchange) const {
  std::string body = "{\"status\":";
  json::append_string(body, status());
  body += ",\"timestamp\":";
  json::append_timestamp(body, service_.clock.now());
  body += ",\"database\":";
  json::append_string(body, service_.engine.state().store_connected() ? "connected" : "disconnected");
  body += ",\"version\":";
  json::append_string(body, service_.options.version);
  body += '}';
  exchange.answer(json_answer(status_code(), std::move(body)));
}

void HealthResource::get_live(Exchange exchange) const { exchange.answer(json_answer(200, R"({"status":"alive"})")); }

void HealthResource::get_ready(Exchange exchange) const {
  std::string body = "{\"status\":";
  json::append_string(body, service_.engine.state().serving() ? "ready" : status());
  body += '}';
  exchange.answer(json_answer(status_code(), std::move(body)));
}

}  // namespace ubiety::http
