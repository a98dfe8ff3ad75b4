// GET /metrics: everything that is measured, in Prometheus' text format. The loop's thread.
#pragma once

#include <cstdint>
#include <vector>

#include "http/http1/exchange.hpp"
#include "http/resources/metrics/fleet_census.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class MetricsResource {
 public:
  explicit MetricsResource(Service& service);

  // Answers when the fleet is counted, or when counting takes too long.
  void get(Exchange&& exchange);

 private:
  void answer_all(const Fleet* fleet);

  Service& service_;
  FleetCensus census_;
  std::vector<std::uint64_t> waiting_;  // tickets
};

}  // namespace ubiety::http
