// GET /status/summary: every device with its latest status, or those of a page. The loop's thread.
#pragma once

#include <string>
#include <vector>

#include "http/exchange.hpp"
#include "http/outbox.hpp"
#include "http/resources/whole_summary.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class SummaryResource {
 public:
  explicit SummaryResource(Service& service);

  void get(Exchange&& exchange);

 private:
  template <class Part>
  void gather(std::uint64_t ticket, std::vector<Part> PendingSummary::*gathered, Part part);
  void answer(PendingExchange pending);
  std::string entity_tag(const PendingSummary& summary) const;

  Service& service_;
  const std::string process_;  // no two processes have the same: versions begin anew with each
  GzippedSummary gzipped_;
  Outbox<SummaryPart> parts_;
  Outbox<SummaryPage> pages_;
};

}  // namespace ubiety::http
