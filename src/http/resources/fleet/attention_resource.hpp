// GET /fleet/attention: the devices that have problems, the worst first. The loop's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "actors/requests.hpp"
#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class AttentionResource {
 public:
  explicit AttentionResource(Service& service);

  void get(Exchange&& exchange);

 private:
  void add_part(std::uint64_t ticket, AttentionPart&& part);

  Service& service_;
  Outbox<AttentionPart> parts_;
};

}  // namespace ubiety::http
