// Percent-encoding (RFC 3986, 2.1). Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ubiety::http {

// nullopt when a `%` is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

// Encodes all but unreserved characters.
std::string percent_encode(std::string_view text);

}  // namespace ubiety::http
