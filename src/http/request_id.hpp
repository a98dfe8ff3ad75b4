// The id by which one request is known in the answer and in the log. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ubiety::http {

// The client's own id when it is 1 to 128 visible ASCII characters, else a new one of 32 hexadecimal digits.
std::string request_id_of(std::optional<std::string_view> offered);

}  // namespace ubiety::http
