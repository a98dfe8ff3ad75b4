// Whether a Host value, or the authority of an absolute target, is one. A pure function, for any thread.
#pragma once

#include <string_view>

namespace ubiety::http::gate {

// host [ ":" port ] of RFC 3986, 3.2.2, without user information. An empty host is not valid for http (RFC
// 9110, 4.2.1).
bool is_valid_authority(std::string_view authority);

}  // namespace ubiety::http::gate
