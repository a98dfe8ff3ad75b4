#include "http/resources/metrics/metrics_resource.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "http/resources/metrics/metric_families.hpp"

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

Answer metrics_answer(const std::vector<prometheus::MetricFamily>& families) {
  Answer answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  answer.body = prometheus::TextSerializer{}.Serialize(families);
  return answer;
}

}  // namespace

MetricsResource::MetricsResource(Service& service)
    : service_(service),
      census_(
          service.loop, service.engine.shards(),
          std::min<std::chrono::nanoseconds>(1s, service.options.request_timeout / 2),
          [&service](const Reply<ShardFleet>& reply) {
            service.engine.count_fleet(service.clock.now() - service.options.stale_after, reply);
          },
          [this](const Fleet* fleet) { answer_all(fleet); }) {
  service.loop.every(50ms, [this] { census_.expire(std::chrono::steady_clock::now()); });
}

void MetricsResource::get(Exchange&& exchange) {
  const bool readable = service_.engine.state().readiness.can(Activity::read);
  const auto* fleet = readable ? census_.recent_or_request(exchange.began()) : nullptr;
  if (fleet != nullptr || !readable) return exchange.answer(metrics_answer(metric_families(service_, fleet)));
  waiting_.push_back(service_.pending.open(std::move(exchange), {}).ticket);
}

void MetricsResource::answer_all(const Fleet* fleet) {
  auto waiting = std::exchange(waiting_, {});
  if (waiting.empty()) return;
  const auto families = metric_families(service_, fleet);
  for (const auto ticket : waiting)
    if (auto pending = service_.pending.take(ticket)) pending->exchange.answer(metrics_answer(families));
}

}  // namespace ubiety::http
