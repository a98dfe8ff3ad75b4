// GET /status/summary: every device with its latest status. The loop's thread.
#pragma once

#include "http/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"

namespace ubiety::http {

// One device in the summary, after a comma: what the shards keep ready (actors/device_table.hpp).
void render_summary_device(std::string& out, std::string_view device_id, const Status& status);

class SummaryResource {
 public:
  explicit SummaryResource(Service& service);

  void get(Exchange exchange);

 private:
  void gather(std::uint64_t ticket, SummaryPart&& part);

  Service& service_;
  Outbox<SummaryPart> parts_;
};

}  // namespace ubiety::http
