// GET /status/{device_id}: the latest status of a device. The loop's thread.
#pragma once

#include <optional>

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class LatestResource {
 public:
  explicit LatestResource(Service& service);

  void get(Exchange&& exchange, DeviceId device_id);

 private:
  void answer(std::uint64_t ticket, const std::optional<Status>& status);

  Service& service_;
  Outbox<std::optional<Status>> outcomes_;
};

}  // namespace ubiety::http
