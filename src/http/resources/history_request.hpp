// GET /status/{device_id}/history, from the target's query to what the store is asked, and on to the next page's link.
// Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "domain/result.hpp"
#include "http/answer.hpp"
#include "storage/store.hpp"

namespace ubiety::http {

// Reads limit, since, before and cursor. The error is the 400 to answer.
Result<HistoryQuery, Answer> parse_history_query(DeviceId device_id, std::string_view query);

// The target of the page after the one that ends with `last`.
std::string next_page_target(const HistoryQuery& query, const Status& last);

}  // namespace ubiety::http
