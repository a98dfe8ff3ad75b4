// The first line of a request, by RFC 9112, 3. A pure function, for any thread.
#pragma once

#include <cstddef>

#include "http/http1/characters.hpp"

namespace ubiety::http::gate {

struct RequestLine {
  std::size_t target_at = 0;  // where the target begins, once the method is known to be one
  std::size_t target_size = 0;
  std::size_t length = 0;  // with the line end
  bool is_head = false;
  bool is_http_1_0 = false;
};

// Reads the line that begins at `begin`. May be called again with more of it.
Scan scan_request_line(const char* begin, const char* end, std::size_t max_target_bytes, RequestLine& line);

}  // namespace ubiety::http::gate
