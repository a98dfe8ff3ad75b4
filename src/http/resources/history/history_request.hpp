// GET /status/{device_id}/history, from the target's query to what the store is asked, and on to the next page's link.
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/result.hpp"
#include "http/message/answer.hpp"
#include "storage/store.hpp"

namespace ubiety::http {

// Reads limit, since, before and cursor. The error is the 400 to answer.
Result<HistoryQuery, Answer> parse_history_query(DeviceId device_id, std::string_view query);

// The page after the one that ends with `last`, relative to that one's URL (RFC 3986, 4.2): a proxy may have put the
// service below a path of its own.
std::string next_page_reference(const HistoryQuery& query, const Status& last);

}  // namespace ubiety::http
