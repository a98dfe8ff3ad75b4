// Settings that hold several values in one text. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ubiety::config {

// ["a","b"], as pydantic reads lists, or a, b. Empty text and [] are the empty list; nullopt for anything else.
std::optional<std::vector<std::string>> parse_list(std::string_view text);

// scheme://host or scheme://host:port as browsers send it: in lower case, without a path, and without the
// scheme's own port (RFC 6454, 6.1).
bool is_origin(std::string_view text);

}  // namespace ubiety::config
