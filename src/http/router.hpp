// Takes each request to its resource, and answers what belongs to none. The loop's thread.
#pragma once

#include "http/access/access_policy.hpp"
#include "http/http1/exchange.hpp"
#include "http/resources/batch/batch_resource.hpp"
#include "http/resources/health/health_resource.hpp"
#include "http/resources/history/history_resource.hpp"
#include "http/resources/keys/keys_resource.hpp"
#include "http/resources/latest/latest_resource.hpp"
#include "http/resources/metrics/metrics_resource.hpp"
#include "http/resources/static/static_resource.hpp"
#include "http/resources/summary/summary_resource.hpp"
#include "http/resources/update/update_resource.hpp"
#include "http/route.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class Router {
 public:
  explicit Router(Service& service)
      : connection_metrics_(service.connection_metrics),
        has_administration_(service.options.access.keys.are_needed),
        access_(service.options.access, KeyCheck(service.options.access.keys, service.engine.published_keys(),
                                                 service.clock, service.key_metrics)),
        update_(service),
        batch_(service),
        latest_(service),
        summary_(service),
        history_(service),
        health_(service),
        metrics_(service),
        keys_(service) {}

  void route(Exchange&& exchange);

 private:
  void serve(Exchange&& exchange, Target target);
  template <class Serve>
  void serve_device(Exchange&& exchange, std::string_view encoded_device_id, Serve serve);

  ConnectionMetrics& connection_metrics_;
  const bool has_administration_;
  AccessPolicy access_;
  UpdateResource update_;
  BatchResource batch_;
  LatestResource latest_;
  SummaryResource summary_;
  HistoryResource history_;
  HealthResource health_;
  MetricsResource metrics_;
  StaticResource static_;
  KeysResource keys_;
};

}  // namespace ubiety::http
