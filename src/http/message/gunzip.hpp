// Inflates a gzipped body (RFC 1952), piece by piece and up to a bound. One thread at a time.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace ubiety::http {

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

}  // namespace ubiety::http
