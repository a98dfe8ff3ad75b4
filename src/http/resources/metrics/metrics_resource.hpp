// GET /metrics: everything that is measured, in Prometheus' text format. The loop's thread.
#pragma once

#include <string>

#include "http/http1/exchange.hpp"
#include "http/resources/fleet_census.hpp"
#include "http/service.hpp"

namespace ubiety::http {

// All metrics in Prometheus' text format, version 0.0.4. Without a fleet its numbers are omitted. metric_families.cpp
// and fleet_families.cpp alone know the metrics' names, help texts and sources.
std::string metrics_text(const Service& service, const Fleet* fleet);

class MetricsResource {
 public:
  explicit MetricsResource(Service& service);

  void get(Exchange&& exchange);

 private:
  CensusAnswers answers_;
};

}  // namespace ubiety::http
