// Takes each request to its resource, and answers what belongs to none. The loop's thread.
#pragma once

#include "http/batch_resource.hpp"
#include "http/exchange.hpp"
#include "http/health_resource.hpp"
#include "http/history_resource.hpp"
#include "http/latest_resource.hpp"
#include "http/service.hpp"
#include "http/summary_resource.hpp"
#include "http/update_resource.hpp"

namespace ubiety::http {

class Router {
 public:
  explicit Router(Service& service)
      : update_(service), batch_(service), latest_(service), summary_(service), history_(service), health_(service) {}

  static constexpr std::string_view batch_path = "/status/batch";

  void route(Exchange exchange);

 private:
  enum class Place { status, batch, summary, device, history, health, health_live, health_ready, unknown };
  struct Target {
    Place place;
    std::string_view device_id{};  // still percent-encoded
  };

  static Target target_of(std::string_view path);
  static std::string_view methods_of(Place place);
  static bool takes(Place place, Method method);
  void serve(Exchange exchange, Target target);
  template <class Serve>
  void serve_device(Exchange exchange, std::string_view encoded_device_id, Serve serve);

  UpdateResource update_;
  BatchResource batch_;
  LatestResource latest_;
  SummaryResource summary_;
  HistoryResource history_;
  HealthResource health_;
};

}  // namespace ubiety::http
