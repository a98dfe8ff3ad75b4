// DELETE /status/{device_id} and DELETE /status: removes a device, or all that a filter selects. The loop's thread.
#pragma once

#include <cstdint>
#include <optional>

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class RemovalResource {
 public:
  explicit RemovalResource(Service& service);

  void remove(Exchange&& exchange, DeviceId device_id);
  void remove_selected(Exchange&& exchange);

 private:
  void ask(Exchange&& exchange, DeviceSelection selection, std::optional<std::uint64_t> expected);
  void answer(std::uint64_t ticket, const RemovalOutcome& outcome);

  Service& service_;
  Outbox<RemovalOutcome> outcomes_;
};

}  // namespace ubiety::http
