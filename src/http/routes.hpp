// The table of routes: what the service answers, by path and method. The access policy, `Allow`, CORS preflights, the
// names in metrics, traces and the log, and the test of the OpenAPI document read it. The table: any thread; the
// router: the loop's thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/access/access_policy.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/route.hpp"
#include "http/resources/batch/batch_resource.hpp"
#include "http/resources/device/device_resources.hpp"
#include "http/resources/device/history_resource.hpp"
#include "http/resources/device/removal_resource.hpp"
#include "http/resources/fleet/attention_resource.hpp"
#include "http/resources/fleet/devices_query.hpp"
#include "http/resources/fleet/mutes_resource.hpp"
#include "http/resources/fleet/overview_resource.hpp"
#include "http/resources/health/health_resource.hpp"
#include "http/resources/keys/keys_resource.hpp"
#include "http/resources/metrics/metrics_resource.hpp"
#include "http/resources/static/static_resource.hpp"
#include "http/resources/stream/stream_resource.hpp"
#include "http/resources/summary/summary_resource.hpp"
#include "http/service.hpp"

namespace ubiety::http {

constexpr std::string_view batch_path = "/status/batch";

// What the handlers of the table call.
struct Resources {
  explicit Resources(Service& service)
      : update(service),
        batch(service),
        latest(service),
        summary(service),
        query(service),
        mutes(service),
        stream(service),
        history(service),
        removal(service),
        overview(service),
        attention(service),
        health(service),
        metrics(service),
        keys(service) {}

  UpdateResource update;
  BatchResource batch;
  LatestResource latest;
  SummaryResource summary;
  DevicesQueryResource query;
  MutesResource mutes;
  StreamResource stream;
  HistoryResource history;
  RemovalResource removal;
  OverviewResource overview;
  AttentionResource attention;
  HealthResource health;
  MetricsResource metrics;
  KeysResource keys;
  StaticResource files{};
};

std::span<const Route> routes();

struct RouteMatch {
  const Route* route = nullptr;  // nullptr for a path of no route
  std::string_view parameter{};  // of the path, still percent-encoded
};
RouteMatch find_route(std::string_view path);

// An Allow field with the methods that at least one route takes.
std::string allow_field_of_all_routes();

// Routes each request to its resource, and answers those that no resource serves.
class Router {
 public:
  // `service` outlives the router.
  explicit Router(Service& service);

  // Answers the exchange, at once or later. Throws what a handler throws.
  void route(Exchange&& exchange);

  // Ends the streams, and begins no more: the service is about to stop.
  void end_streams() { resources_.stream.end_all(); }

 private:
  ConnectionMetrics& connection_metrics_;
  const bool has_administration_;
  AccessPolicy access_;
  Resources resources_;
};

}  // namespace ubiety::http
