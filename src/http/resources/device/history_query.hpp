// The query of a history: from the target's parameters to what the engine is asked, and to the link of the next page.
// Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/result.hpp"
#include "http/message/answer.hpp"
#include "storage/log/history.hpp"
#include "storage/log/history_buckets.hpp"

namespace ubiety::http {

inline constexpr std::int64_t max_history_buckets = 1000;

struct HistoryRequest {
  HistoryQuery query;
  std::optional<BucketSpan> buckets{};  // in place of a page; then the query has the same span
  bool has_limit = false;
};

// Reads limit (1 to 1000), since, before and cursor, from (inclusive) and to (exclusive), and buckets, which needs the
// last two and excludes the first four. The error is the answer: 422 if one of these two is missing, else 400.
Result<HistoryRequest, Answer> parse_history_request(DeviceId device_id, std::string_view query);

// The page after the one that ends with `last`, relative to that one's URL (RFC 3986, 4.2), since a proxy may have put
// the service below a path of its own.
std::string next_page_reference(const HistoryQuery& query, const Status& last);

// The opaque cursor of the next page: the last record of the page before, in 40 hexadecimal digits. docs/FORMATS.md
// describes it.
std::string encode_cursor(const Status& record);

// Returns nullopt for anything that encode_cursor did not write.
std::optional<Status> decode_cursor(std::string_view text);

}  // namespace ubiety::http
