#include "http/resources/metrics/metrics_resource.hpp"

#include <utility>

#include "http/resources/metrics/fleet_families.hpp"

namespace ubiety::http {
namespace {

Answer metrics_answer(std::string text) {
  auto answer = json_answer(200, std::move(text));
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return answer;
}

}  // namespace

// An overloaded service is when metrics matter: without the fleet's numbers the others are still there.
MetricsResource::MetricsResource(Service& service)
    : answers_(
          service, [&service](const Fleet* fleet) { return metrics_answer(metrics_text(service, fleet)); },
          census_lists(service)) {}

void MetricsResource::get(Exchange&& exchange) { answers_.answer(std::move(exchange)); }

}  // namespace ubiety::http
