// Accept-Encoding (RFC 9110, 12.5.3). Pure, any thread.
#pragma once

#include <optional>
#include <string_view>

namespace ubiety::http {

// Whether gzip is accepted, by its name or by `*`, and not with a weight of 0.
bool accepts_gzip(std::optional<std::string_view> accept_encoding);

}  // namespace ubiety::http
