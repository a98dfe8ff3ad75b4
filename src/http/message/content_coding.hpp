// Accept-Encoding and Content-Encoding (RFC 9110, 12.5.3 and 8.4). Pure, any thread.
#pragma once

#include <optional>
#include <string_view>

namespace ubiety::http {

// Whether gzip is accepted, by its name or by `*`, and not with a weight of 0.
bool accepts_gzip(std::optional<std::string_view> accept_encoding);

enum class ContentCoding { identity, gzip, other };
// Of a body, by all lines of its Content-Encoding. One that is coded twice is `other`.
ContentCoding content_coding_of(std::string_view content_encoding);

}  // namespace ubiety::http
