// Routes each request to its resource, and answers those that no resource serves. The loop's thread.
#pragma once

#include "http/access/access_policy.hpp"
#include "http/http1/exchange.hpp"
#include "http/routes.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class Router {
 public:
  // `service` outlives the router.
  explicit Router(Service& service);

  // Answers the exchange, at once or later. Throws what a handler throws.
  void route(Exchange&& exchange);

 private:
  ConnectionMetrics& connection_metrics_;
  const bool has_administration_;
  AccessPolicy access_;
  Resources resources_;
};

}  // namespace ubiety::http
