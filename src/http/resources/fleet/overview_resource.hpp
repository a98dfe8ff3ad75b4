// GET /fleet/overview: the fleet in numbers. GET /fleet/events: what just happened in it. GET
// /fleet/downtimes: when the service did not listen. The loop's thread.
#pragma once

#include <string>

#include "http/http1/exchange.hpp"
#include "http/resources/fleet_census.hpp"
#include "http/service.hpp"

namespace ubiety::http {

// The body of an overview.
std::string overview_body(const Service& service, const FleetTotals& totals);

class OverviewResource {
 public:
  explicit OverviewResource(Service& service);

  void get(Exchange&& exchange);
  void get_events(Exchange&& exchange);
  void get_downtimes(Exchange&& exchange) const;

 private:
  Service& service_;
  CensusAnswers answers_;
};

}  // namespace ubiety::http
