// GET /status/summary, from its target and fields to what the shards are asked. Pure functions, any thread.
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
  bool gzip = false;      // accepted, and there is such a form
  bool versioned = true;  // whether the same version gives the same answer, so that it has an ETag
};

// Reads limit, cursor, online, battery_below, stale and prefix; from when on a device is stale is left open. The error
// is the 400 to answer.
Result<SummaryRequest, Answer> parse_summary_request(std::string_view query,
                                                     std::optional<std::string_view> accept_encoding);

// Whether both may get the same answer, if from the same time on a device is stale for them.
bool ask_the_same(const SummaryRequest& left, const SummaryRequest& right);

// The cursor of the page after the one that ends with the device. docs/FORMATS.md describes it.
std::string summary_cursor(std::string_view last_device_id);

}  // namespace ubiety::http
