// How large a request may be, and how long its client may take. Constant once the server has started; any thread.
//
// RESTinio closes the connection without an answer at its own limits, so those must be wider. http_parser accepts at
// most 80 KiB of head.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ubiety::http::gate {

struct GateLimits {
  std::size_t max_target_bytes = 8 * 1024;     // else 414
  std::size_t max_head_bytes = 16 * 1024;      // request line, fields and blank line together; else 431
  std::size_t max_header_count = 100;          // else 431
  std::uint32_t max_body_bytes = 1024 * 1024;  // without the chunked coding; else 413

  // One path, without its query, may have another limit for its bodies; no path has when this is empty.
  std::string_view special_path{};
  std::uint32_t special_max_body_bytes = 0;

  // For a target in any form. A longer path with the same end has the special limit, too, and is answered 404.
  std::uint32_t max_body_bytes_of(std::string_view target) const {
    const bool is_special = !special_path.empty() && target.substr(0, target.find('?')).ends_with(special_path);
    return is_special ? special_max_body_bytes : max_body_bytes;
  }

  // Whether RESTinio's max_pipelined_requests is 1, so that it reads only when every earlier answer is out. Then
  // "100 Continue" can be sent for any request, else only for the first of a connection, where it cannot fall into the
  // middle of an answer.
  bool one_request_at_a_time = false;
};

// The phases in which a connection waits for its client, in their order for each request.
enum class Awaited : std::uint8_t { request, head, body };

// The time for each phase. A byte that arrives does not extend it. Afterwards a request that has begun is answered 408,
// and a connection without one is closed.
struct TimeLimits {
  std::chrono::milliseconds request;  // from the end of the last answer; a new connection begins with the head
  std::chrono::milliseconds head;     // from its first byte, and from the accept for the first
  std::chrono::milliseconds body;     // from the end of its head
};

}  // namespace ubiety::http::gate
