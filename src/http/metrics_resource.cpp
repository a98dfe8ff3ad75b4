#include "http/metrics_resource.hpp"

#include <prometheus/text_serializer.h>

#include <memory>

#include "http/metrics/metric_families.hpp"

namespace ubiety::http {
namespace {

// https://prometheus.io/docs/instrumenting/exposition_formats/
constexpr std::string_view text_format = "text/plain; version=0.0.4; charset=utf-8";

Answer metrics_answer(const Service& service, const std::optional<FleetCounts>& fleet) {
  auto answer = json_answer(200, prometheus::TextSerializer{}.Serialize(metric_families(service, fleet)));
  answer.content_type = text_format;
  return answer;
}

}  // namespace

MetricsResource::MetricsResource(Service& service)
    : service_(service),
      counts_(service.loop, [this](std::uint64_t ticket, FleetCounts&& counts) { gather(ticket, counts); }) {}

void MetricsResource::get(Exchange exchange) {
  if (!service_.engine.state().readable()) return exchange.answer(metrics_answer(service_, std::nullopt));
  const auto ticket = service_.pending.open(std::move(exchange), {}).ticket;
  service_.pending.find(ticket)->fleet =
      std::make_unique<PendingFleet>(PendingFleet{{}, service_.engine.shards().size()});
  service_.dispatcher.count_fleet(service_.clock.now() - service_.options.stale_after, counts_.reply_to(ticket));
}

void MetricsResource::gather(std::uint64_t ticket, const FleetCounts& counts) {
  auto* waiting = service_.pending.find(ticket);
  if (waiting == nullptr) return;  // its deadline was first
  auto& fleet = *waiting->fleet;
  fleet.counts += counts;
  if (--fleet.missing_shards != 0) return;
  auto pending = service_.pending.take(ticket);
  pending->exchange.answer(metrics_answer(service_, pending->fleet->counts));
}

}  // namespace ubiety::http
