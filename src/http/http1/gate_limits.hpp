// How much of a request the gate lets through, and how long its client may take. Plain values, set before the server
// starts and only read from then on, by any thread.
//
// RESTinio's own limits stand behind these and close the connection without a word, so they must be wider, and
// http_parser takes at most 80 KiB of head.
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
  std::uint32_t max_body_bytes = 1024 * 1024;  // after the chunked coding is taken off; else 413

  // One path, without its query, may have another limit for its bodies. None has when it is empty.
  std::string_view special_path{};
  std::uint32_t special_max_body_bytes = 0;

  // For a target in whatever form. That a longer path with the same end counts too does no harm: it is answered 404.
  std::uint32_t max_body_bytes_of(std::string_view target) const {
    const bool is_special = !special_path.empty() && target.substr(0, target.find('?')).ends_with(special_path);
    return is_special ? special_max_body_bytes : max_body_bytes;
  }

  // Whether RESTinio's max_pipelined_requests is 1, so that it reads only when every earlier answer is out. Then
  // "100 Continue" can be said for any request, else only for the first of a connection, where it cannot fall
  // into the middle of an answer.
  bool one_request_at_a_time = false;
};

// What a connection waits for from its client, one after the other, for each request.
enum class Awaited : std::uint8_t { request, head, body };

// How long for each, in all: a byte that comes prolongs nothing. Beyond, a connection on which nothing has begun is
// closed, and what has begun is answered 408.
struct TimeLimits {
  std::chrono::milliseconds request;  // from the end of the last answer; the first request's head is awaited at once
  std::chrono::milliseconds head;     // from its first byte, and from the accept for the first
  std::chrono::milliseconds body;     // from the end of its head
};

}  // namespace ubiety::http::gate
