#include "http/router.hpp"

#include <utility>

#include "http/http1/refusal.hpp"

namespace ubiety::http {
namespace {

Answer allow_answer(Answer answer, std::string allowed) {
  answer.fields.push_back({"Allow", std::move(allowed)});
  return answer;
}

Answer refusal_answer(const gate::Refusal& refusal) {
  auto answer =
      refusal.status == 503 ? unavailable_answer(refusal.detail) : detail_answer(refusal.status, refusal.detail);
  answer.close = true;
  return refusal.status == 405 ? allow_answer(std::move(answer), allow_field_of_all_routes()) : answer;
}

}  // namespace

Router::Router(Service& service)
    : connection_metrics_(service.connection_metrics),
      has_administration_(service.options.access.keys.are_needed),
      access_(service.options.access, KeyCheck(service.options.access.keys, service.engine.published_keys(),
                                               service.clock, service.key_metrics)),
      resources_(service) {}

void Router::route(Exchange&& exchange) {
  access_.mark(exchange);
  if (const auto refusal = gate::parse_refusal_target(exchange.target())) {
    connection_metrics_.note_refusal(refusal->reason);
    return exchange.answer(refusal_answer(*refusal));
  }
  auto [route, parameter] = find_route(exchange.path());
  // Without keys, any client could make itself one.
  if (route != nullptr && route->is_administration() && !has_administration_) route = nullptr;
  exchange.set_route(route);
  if (access_.answered_if_refused(exchange)) return;
  // OPTIONS * asks about the server as a whole (RFC 9110, 9.3.7).
  if (exchange.path() == "*") return exchange.answer(allow_answer(json_answer(204, {}), allow_field_of_all_routes()));
  if (route == nullptr) return exchange.answer(detail_answer(404, "Not Found"));
  if (const auto* operation = route->operation(exchange.method()))
    return operation->handler(resources_, std::move(exchange), parameter);
  const bool is_question = exchange.method() == Method::options;
  exchange.answer(allow_answer(is_question ? json_answer(204, {}) : detail_answer(405, "Method Not Allowed"),
                               allow_field_of(route)));
}

}  // namespace ubiety::http
