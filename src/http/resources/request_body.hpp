// The body of a request without its Content-Encoding (RFC 9110, 8.4). The loop's thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "domain/result.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/header_fields.hpp"

namespace ubiety::http {

// Identity or gzip, by the request's Content-Encoding. The error is a 415 that names the accepted coding.
Result<ContentCoding, Answer> accepted_coding(std::string_view content_encoding);

// 400 for a body that is not gzip although its Content-Encoding says so.
Answer malformed_gzip_answer();

class RequestBody {
 public:
  // Inflates at most `max_bytes`. The error is the answer: 415, 400 for malformed gzip, 413 for more bytes.
  static Result<RequestBody, Answer> of(const Exchange& exchange, std::size_t max_bytes);

  // Valid while this object and the exchange live.
  std::string_view text() const { return inflated_ ? std::string_view(*inflated_) : received_; }

 private:
  std::string_view received_;
  std::optional<std::string> inflated_;
};

}  // namespace ubiety::http
