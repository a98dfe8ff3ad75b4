// Conditional requests by entity tags (RFC 9110, 8.8.3 and 13.1.2). Pure, any thread.
#pragma once

#include <string_view>

namespace ubiety::http {

// Whether an If-None-Match names the tag, so that the answer is 304: by `*`, or in its list by the weak comparison.
bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace ubiety::http
