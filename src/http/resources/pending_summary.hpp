// A summary on its way: what was asked, and the shards' answers as they come in.
#pragma once

#include <vector>

#include "http/resources/summary_request.hpp"

namespace ubiety::http {

struct PendingSummary {
  SummaryRequest request;
  std::vector<SummaryPart> parts;  // of a whole one
  std::vector<SummaryPage> pages;  // of any other
};

}  // namespace ubiety::http
