// The query of GET /status/{device_id}/history: from the target's parameters to the store's query, and to the link of
// the next page. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/result.hpp"
#include "http/message/answer.hpp"
#include "storage/store.hpp"

namespace ubiety::http {

// Reads limit (1 to 1000), since, before and cursor. The error is the 400 to answer.
Result<HistoryQuery, Answer> parse_history_query(DeviceId device_id, std::string_view query);

// The page after the one that ends with `last`, relative to that one's URL (RFC 3986, 4.2), since a proxy may have put
// the service below a path of its own.
std::string next_page_reference(const HistoryQuery& query, const Status& last);

// The opaque cursor of the next page: the last record of the page before, in 40 hexadecimal digits. docs/FORMATS.md
// describes it.
std::string encode_cursor(const Status& record);

// Returns nullopt for anything that encode_cursor did not write.
std::optional<Status> decode_cursor(std::string_view text);

}  // namespace ubiety::http
