// The request of GET /status/summary: from its query and fields to the shards' query. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/summary.hpp"
#include "domain/result.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http {

struct SummaryRequest {
  SummaryQuery query;
  bool gzip = false;      // the client accepts it, and the answer has such a form
  bool versioned = true;  // the same version has the same answer, and so an ETag
};

// Reads limit, cursor, online, battery_below, stale and prefix. The caller sets the time before which a device is
// stale. The error is the 400 to answer.
Result<SummaryRequest, Answer> parse_summary_request(std::string_view query,
                                                     std::optional<std::string_view> accept_encoding);

// Whether both may have the same answer, apart from the time before which a device is stale.
bool ask_the_same(const SummaryRequest& left, const SummaryRequest& right);

// The cursor of the page after the one that ends with this device. docs/FORMATS.md describes it.
std::string summary_cursor(std::string_view last_device_id);

}  // namespace ubiety::http
