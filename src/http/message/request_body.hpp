// The body of a request without its Content-Encoding (RFC 9110, 8.4). One thread at a time.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "domain/result.hpp"
#include "http/message/answer.hpp"
#include "http/message/header_fields.hpp"

namespace ubiety::http {

// Inflates a gzipped text (RFC 1952), piece by piece and up to a bound.
class Gunzip {
 public:
  // `compressed` outlives the object. Throws std::bad_alloc.
  Gunzip(std::string_view compressed, std::size_t max_bytes);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  enum class Progress { more, done, malformed, too_large };
  // Inflates the next piece, some ten thousand bytes.
  Progress advance();
  // Inflates all that is left. Never returns `more`.
  Progress finish();

  // The number of bytes inflated so far.
  std::size_t size() const { return text_.size(); }
  // The text inflated so far.
  std::string take() { return std::move(text_); }

 private:
  Progress end_of_member();

  const std::size_t max_bytes_;
  z_stream stream_{};
  std::string text_;
};

// Identity or gzip, by the request's Content-Encoding. The error is a 415 that names the accepted coding.
Result<ContentCoding, Answer> accepted_coding(std::string_view content_encoding);

// 400 for a body that is not gzip although its Content-Encoding says so.
Answer malformed_gzip_answer();

class RequestBody {
 public:
  // `received` is the body as it was sent, `content_encoding` the field with all its lines. Inflates at most
  // `max_bytes`. The error is the answer: 415, 400 for malformed gzip, 413 for more bytes.
  static Result<RequestBody, Answer> decode(std::string_view received, std::string_view content_encoding,
                                            std::size_t max_bytes);

  // Valid while this object and `received` live.
  std::string_view text() const { return inflated_ ? std::string_view(*inflated_) : received_; }

 private:
  std::string_view received_;
  std::optional<std::string> inflated_;
};

}  // namespace ubiety::http
