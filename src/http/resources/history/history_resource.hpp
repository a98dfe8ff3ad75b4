// GET /status/{device_id}/history: what a device reported, newest first. The loop's thread.
#pragma once

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class HistoryResource {
 public:
  explicit HistoryResource(Service& service);

  void get(Exchange&& exchange, DeviceId device_id);

 private:
  void answer(std::uint64_t ticket, HistoryOutcome&& outcome);

  Service& service_;
  Outbox<HistoryOutcome> outcomes_;
};

}  // namespace ubiety::http
