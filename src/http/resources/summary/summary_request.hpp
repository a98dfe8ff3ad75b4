// What a client asks of GET /status/summary. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/summary.hpp"
#include "domain/result.hpp"
#include "fleet/groups.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http {

// What a client asks for, by its query and header fields.
struct SummaryRequest {
  SummaryQuery query;
  bool gzip = false;  // the client accepts it, and the summary is available gzipped

  // Whether both have the same answer.
  friend bool operator==(const SummaryRequest&, const SummaryRequest&) = default;
};

// Reads limit, cursor, sort, order, offset, fields and the filter. The error is the 400 to answer.
Result<SummaryRequest, Answer> parse_summary_request(std::string_view text,
                                                     std::optional<std::string_view> accept_encoding,
                                                     const Groups& groups);

// The cursor of the page after the one that ends with this device. docs/FORMATS.md describes it.
std::string summary_cursor(std::string_view last_device_id);

}  // namespace ubiety::http
