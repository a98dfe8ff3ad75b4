#include "http/routes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/result.hpp"
#include "domain/text.hpp"
#include "http/http1/refusal.hpp"
#include "http/message/query.hpp"
#include "http/message/validation_answer.hpp"

namespace ubiety::http {
namespace {

// A handler that calls a member function of a resource.
template <auto resource, auto member>
void call(Resources& resources, Exchange&& exchange, std::string_view) {
  ((resources.*resource).*member)(std::move(exchange));
}

template <auto member>
void call_with_key(Resources& resources, Exchange&& exchange, std::string_view key_id) {
  (resources.keys.*member)(std::move(exchange), key_id);
}

// The error is the 400 to answer.
Result<DeviceId, Answer> decode_device_id(std::string_view encoded) {
  const auto refuse = [](ValidationMessage message) {
    return Failure{parameters_answer({{"path", "device_id", std::move(message)}})};
  };
  auto device_id = percent_decode(encoded);
  if (!device_id) return refuse(pydantic::bad_percent_encoding());
  if (!count_characters(*device_id)) return refuse({std::string(rule_of(DeviceIdFault::not_utf8)), "value_error.url"});
  if (const auto fault = check_reserved(*device_id))
    return refuse({std::string(rule_of(*fault)), "value_error.device_id"});
  return std::move(*device_id);
}

template <auto resource, auto member>
void call_with_device(Resources& resources, Exchange&& exchange, std::string_view encoded_device_id) {
  auto device_id = decode_device_id(encoded_device_id);
  if (!device_id) return exchange.answer(std::move(device_id.error()));
  ((resources.*resource).*member)(std::move(exchange), std::move(*device_id));
}

// A device may be called "batch" or "query": POST is not about that device, GET reads it, and DELETE removes it.
template <const char* device_id>
void get_device_called(Resources& resources, Exchange&& exchange, std::string_view) {
  resources.latest.get(std::move(exchange), device_id);
}
template <const char* device_id>
void remove_device_called(Resources& resources, Exchange&& exchange, std::string_view) {
  resources.removal.remove(std::move(exchange), device_id);
}
constexpr char batch_device[] = "batch", query_device[] = "query";

template <auto member, MuteTarget::Kind kind>
void call_with_target(Resources& resources, Exchange&& exchange, std::string_view encoded) {
  (resources.mutes.*member)(std::move(exchange), kind, encoded);
}

constexpr Operation get(std::optional<Scope> scope, Handler handler) { return {Method::get, scope, handler}; }
constexpr Operation post(std::optional<Scope> scope, Handler handler) { return {Method::post, scope, handler}; }
constexpr Operation put(std::optional<Scope> scope, Handler handler) { return {Method::put, scope, handler}; }
constexpr Operation delete_(std::optional<Scope> scope, Handler handler) { return {Method::delete_, scope, handler}; }

constexpr auto no_key = std::nullopt;
constexpr RouteRules unlimited{.is_limited = false};  // monitoring is never rate-limited
constexpr RouteRules administration{.is_administration = true};

constexpr auto serve_file = call<&Resources::files, &StaticResource::get>;

// The first row that matches counts. The requests of devices come first.
constexpr std::array table{
    Route{"/status",
          {post(Scope::ingest, call<&Resources::update, &UpdateResource::post>),
           delete_(Scope::admin, call<&Resources::removal, &RemovalResource::remove_selected>)}},
    Route{batch_path,
          {get(Scope::read, get_device_called<batch_device>),
           post(Scope::ingest, call<&Resources::batch, &BatchResource::post>),
           delete_(Scope::admin, remove_device_called<batch_device>)}},
    Route{"/status/summary", {get(Scope::read, call<&Resources::summary, &SummaryResource::get>)}},
    Route{"/status/query",
          {get(Scope::read, get_device_called<query_device>),
           post(Scope::read, call<&Resources::query, &DevicesQueryResource::post>),
           delete_(Scope::admin, remove_device_called<query_device>)}},
    Route{"/status/{device_id}",
          {get(Scope::read, call_with_device<&Resources::latest, &LatestResource::get>),
           delete_(Scope::admin, call_with_device<&Resources::removal, &RemovalResource::remove>)}},
    Route{"/status/{device_id}/history",
          {get(Scope::read, call_with_device<&Resources::history, &HistoryResource::get>)}},
    Route{"/fleet/overview", {get(Scope::read, call<&Resources::overview, &OverviewResource::get>)}},
    Route{"/fleet/attention", {get(Scope::read, call<&Resources::attention, &AttentionResource::get>)}},
    Route{"/fleet/events", {get(Scope::read, call<&Resources::overview, &OverviewResource::get_events>)}},
    Route{"/fleet/downtimes", {get(Scope::read, call<&Resources::overview, &OverviewResource::get_downtimes>)}},
    Route{"/fleet/mutes", {get(Scope::read, call<&Resources::mutes, &MutesResource::list>)}},
    Route{"/fleet/mutes/device/{device_id}",
          {put(Scope::admin, call_with_target<&MutesResource::put, MuteTarget::Kind::device>),
           delete_(Scope::admin, call_with_target<&MutesResource::remove, MuteTarget::Kind::device>)}},
    Route{"/fleet/mutes/prefix/{prefix}",
          {put(Scope::admin, call_with_target<&MutesResource::put, MuteTarget::Kind::prefix>),
           delete_(Scope::admin, call_with_target<&MutesResource::remove, MuteTarget::Kind::prefix>)}},
    Route{"/fleet/stream", {get(Scope::read, call<&Resources::stream, &StreamResource::get>)}},
    Route{"/health", {get(no_key, call<&Resources::health, &HealthResource::get>)}, unlimited},
    Route{"/health/live", {get(no_key, call<&Resources::health, &HealthResource::get_live>)}, unlimited},
    Route{"/health/ready", {get(no_key, call<&Resources::health, &HealthResource::get_ready>)}, unlimited},
    Route{"/metrics", {get(no_key, call<&Resources::metrics, &MetricsResource::get>)}, unlimited},
    Route{"/", {get(no_key, call<&Resources::files, &StaticResource::get_dashboard>)}},
    Route{"/device/{device_id}", {get(no_key, call<&Resources::files, &StaticResource::get_device_page>)}},
    Route{"/assets/{file}", {get(no_key, serve_file)}},
    Route{"/openapi.json", {get(no_key, serve_file)}},
    Route{"/docs", {get(no_key, serve_file)}},
    Route{"/docs/{file}", {get(no_key, serve_file)}},
    Route{"/redoc", {get(no_key, serve_file)}},
    Route{"/redoc/{file}", {get(no_key, serve_file)}},
    Route{"/admin/keys",
          {get(Scope::admin, call<&Resources::keys, &KeysResource::list>),
           post(Scope::admin, call<&Resources::keys, &KeysResource::create>)},
          administration},
    Route{"/admin/keys/{id}", {delete_(Scope::admin, call_with_key<&KeysResource::revoke>)}, administration},
    Route{"/admin/keys/{id}/rotate", {post(Scope::admin, call_with_key<&KeysResource::rotate>)}, administration},
};

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

std::span<const Route> routes() { return table; }

RouteMatch find_route(std::string_view path) {
  for (const auto& route : table)
    if (const auto parameter = route.match(path)) return {&route, *parameter};
  return {};
}

std::string allow_field_of_all_routes() {
  return allow_field([](Method method) {
    return std::any_of(table.begin(), table.end(), [method](const Route& route) { return route.takes(method); });
  });
}

Router::Router(Service& service)
    : connection_metrics_(service.connection_metrics),
      has_administration_(service.options.access.keys.are_needed),
      access_(service.options.access, KeyCheck(service.options.access.keys, service.engine.published_keys(),
                                               service.clock, service.key_metrics)),
      resources_(service) {}

void Router::route(Exchange&& exchange) {
  access_.mark(exchange);
  if (const auto* refusal = gate::parse_refusal_target(exchange.target())) {
    connection_metrics_.note_refusal(refusal->reason);
    return exchange.answer(refusal_answer(*refusal));
  }
  auto [route, parameter] = find_route(exchange.path());
  // Where no request needs a key, any client could create one for itself.
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
