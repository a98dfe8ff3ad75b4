// Conditional requests by entity tags (RFC 9110, 8.8.3 and 13). Pure, any thread.
#pragma once

#include <string_view>

namespace ubiety::http {

enum class Precondition {
  holds,
  not_modified,  // 304: the client has it
  failed,        // 412
};

// Of a GET or HEAD to which `tag`, a strong one, would be answered. If-Match counts first and by the strong comparison,
// If-None-Match by the weak one (13.2.2). A field that is absent is empty.
Precondition precondition_of(std::string_view if_match, std::string_view if_none_match, std::string_view tag);

}  // namespace ubiety::http
