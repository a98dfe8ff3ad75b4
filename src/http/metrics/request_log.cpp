#include "http/metrics/request_log.hpp"

#include <chrono>
#include <string>

#include "http/message/route.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {
namespace {

constexpr std::size_t max_text_bytes = 256;  // of what a client sends

std::string_view shortened(std::string_view text) { return text.substr(0, max_text_bytes); }

constexpr int first_server_error = 500;

}  // namespace

// Neither the query nor any field but User-Agent: they may hold secrets.
void AccessLog::answered(const Exchange& exchange, const AnswerSent& answer) {
  const auto& client = exchange.client_address(proxies_);
  const auto duration =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - exchange.began());
  log::info("request", {{"method", name_of(exchange.method())},
                        {"route", template_of(exchange.route())},
                        {"path", shortened(exchange.path())},
                        {"status", answer.status},
                        {"duration_us", duration.count()},
                        {"bytes", answer.body_bytes},
                        {"client", to_string(client)},
                        {"key", exchange.key_id()},
                        {"user_agent", shortened(exchange.field("User-Agent").value_or(""))},
                        {"request_id", exchange.request_id()}});
}

void RequestTracing::begin(Exchange& exchange) const {
  // A repeated field does not parse, because its lines are joined.
  const auto parent = tracing::parse_traceparent(exchange.list_field(tracing::traceparent_field));
  const auto context = tracer_.begin(parent);
  exchange.add_field(tracing::traceparent_field, tracing::format_traceparent(context));
  if (context.sampled) exchange.set_trace({tracer_, context, parent ? parent->span_id : 0});
}

void RequestTracing::answered(const Exchange& exchange, const AnswerSent& answer) {
  const auto* trace = exchange.trace();
  if (trace == nullptr) return;
  const std::string method(name_of(exchange.method())), route(template_of(exchange.route()));
  tracer_.record({.context = trace->context,
                  .parent_id = trace->parent_id,
                  .name = method + " " + route,
                  .kind = tracing::SpanKind::server,
                  .began = exchange.began(),
                  .ended = std::chrono::steady_clock::now(),
                  .attributes = {{"http.request.method", method},
                                 {"http.route", route},
                                 {"http.response.status_code", std::int64_t{answer.status}},
                                 {"ubiety.request_id", exchange.request_id()}},
                  .failed = answer.status >= first_server_error});
}

std::unique_ptr<const UpdateTrace> update_trace_of(const Exchange& exchange) {
  const auto* trace = exchange.trace();
  if (trace == nullptr) return nullptr;
  return std::make_unique<const UpdateTrace>(
      UpdateTrace{trace->tracer, trace->context, std::chrono::steady_clock::now()});
}

}  // namespace ubiety::http
