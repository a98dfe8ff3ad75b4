// GET /metrics: everything that is measured, in Prometheus' text format. The loop's thread.
#pragma once

#include "http/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class MetricsResource {
 public:
  explicit MetricsResource(Service& service);

  // Answers when every shard has counted its devices.
  void get(Exchange exchange);

 private:
  void gather(std::uint64_t ticket, const FleetCounts& counts);

  Service& service_;
  Outbox<FleetCounts> counts_;
};

}  // namespace ubiety::http
