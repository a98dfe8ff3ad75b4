// The id by which one request is known in the answer and in the log. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ubiety::http {

// Appends the client's own id when it is 1 to 128 visible ASCII characters, else a new one of 32 hexadecimal digits.
void append_request_id(std::string& out, std::optional<std::string_view> offered);

}  // namespace ubiety::http
