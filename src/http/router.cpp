#include "http/router.hpp"

#include <utility>

#include "domain/text/utf8.hpp"
#include "http/http1/refusal.hpp"
#include "http/message/accept.hpp"
#include "http/message/percent_encoding.hpp"
#include "http/resources/validation_answer.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view methods_of_the_server = "GET, HEAD, POST, DELETE, OPTIONS";

Answer refusal_answer(const gate::Refusal& refusal) {
  auto answer =
      refusal.status == 503 ? unavailable_answer(refusal.detail) : detail_answer(refusal.status, refusal.detail);
  if (refusal.status == 405) answer.fields.push_back({"Allow", std::string(methods_of_the_server)});
  answer.close = true;
  return answer;
}

// Takes browsers to the page that shows what there is. Relative, as the service may be below a path of a proxy's.
Answer root_answer(std::string_view accept) {
  auto answer = accepts_html(accept) ? json_answer(307, {}) : detail_answer(404, "Not Found");
  if (answer.status == 307) answer.fields.push_back({"Location", "docs"});
  answer.fields.push_back({"Vary", "Accept"});
  return answer;
}

}  // namespace

void Router::route(Exchange&& exchange) {
  access_.mark(exchange);
  if (const auto refusal = gate::parse_refusal_target(exchange.target())) {
    connection_metrics_.note_refusal(refusal->reason);
    return exchange.answer(refusal_answer(*refusal));
  }
  auto target = target_of(exchange.path());
  if (is_administration(target.route) && !has_administration_) target = {};  // anybody could make himself a key
  exchange.set_route(target.route);
  if (access_.answered_if_refused(exchange)) return;
  if (exchange.path() == "*") {  // OPTIONS *, RFC 9110, 9.3.7: about the server as a whole
    auto answer = json_answer(204, {});
    answer.fields.push_back({"Allow", std::string(methods_of_the_server)});
    return exchange.answer(std::move(answer));
  }
  if (target.route == Route::unknown) return exchange.answer(detail_answer(404, "Not Found"));
  if (takes(target.route, exchange.method())) return serve(std::move(exchange), target);

  auto answer = exchange.method() == Method::options ? json_answer(204, {}) : detail_answer(405, "Method Not Allowed");
  answer.fields.push_back({"Allow", std::string(methods_of(target.route))});
  exchange.answer(std::move(answer));
}

void Router::serve(Exchange&& exchange, Target target) {
  switch (target.route) {
    case Route::root: return exchange.answer(root_answer(exchange.list_field("Accept")));
    case Route::status: return update_.post(std::move(exchange));
    case Route::batch:
      if (exchange.method() == Method::post) return batch_.post(std::move(exchange));
      return latest_.get(std::move(exchange), DeviceId(target.device_id));
    case Route::summary: return summary_.get(std::move(exchange));
    case Route::health: return health_.get(std::move(exchange));
    case Route::health_live: return health_.get_live(std::move(exchange));
    case Route::health_ready: return health_.get_ready(std::move(exchange));
    case Route::metrics: return metrics_.get(std::move(exchange));
    case Route::openapi:
    case Route::docs:
    case Route::docs_file:
    case Route::redoc:
    case Route::redoc_file: return static_.get(std::move(exchange));
    case Route::keys:
      if (exchange.method() == Method::post) return keys_.create(std::move(exchange));
      return keys_.list(std::move(exchange));
    case Route::key: return keys_.revoke(std::move(exchange), target.key_id);
    case Route::key_rotation: return keys_.rotate(std::move(exchange), target.key_id);
    case Route::device:
      return serve_device(std::move(exchange), target.device_id, [this](Exchange&& decoded, DeviceId device_id) {
        latest_.get(std::move(decoded), std::move(device_id));
      });
    case Route::history:
      return serve_device(std::move(exchange), target.device_id, [this](Exchange&& decoded, DeviceId device_id) {
        history_.get(std::move(decoded), std::move(device_id));
      });
    case Route::unknown: return;
  }
}

template <class Serve>
void Router::serve_device(Exchange&& exchange, std::string_view encoded_device_id, Serve serve) {
  auto device_id = percent_decode(encoded_device_id);
  if (!device_id)
    return exchange.answer(parameters_answer({{"path", "device_id", "invalid percent-encoding", "value_error.url"}}));
  if (!count_characters(*device_id))
    return exchange.answer(parameters_answer({{"path", "device_id", "a device id is valid UTF-8", "value_error.url"}}));
  if (const auto fault = check_reserved(*device_id))
    return exchange.answer(
        parameters_answer({{"path", "device_id", std::string(rule_of(*fault)), "value_error.device_id"}}));
  serve(std::move(exchange), std::move(*device_id));
}

}  // namespace ubiety::http
