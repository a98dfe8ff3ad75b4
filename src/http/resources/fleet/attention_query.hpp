// The parameters of GET /fleet/attention, and its cursors. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "actors/requests.hpp"
#include "domain/result.hpp"
#include "fleet/groups.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http {

// Reads limit, cursor, problem, group and prefix. The error is the 400 to answer.
Result<AttentionQuery, Answer> parse_attention_query(std::string_view query, const Groups& groups);

// The cursor of the page after the one that ends with this device. docs/FORMATS.md describes it.
std::string attention_cursor(const AttentionRank& last);

}  // namespace ubiety::http
