// Takes gzip (RFC 1952) off a body, a piece at a time and not beyond a bound. One thread at a time.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace ubiety::http {

class Gunzip {
 public:
  // `compressed` has to stay where it is. Throws std::bad_alloc.
  Gunzip(std::string_view compressed, std::size_t max_bytes);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  enum class Progress { more, done, malformed, too_large };
  // Inflates the next piece, of some ten thousand bytes.
  Progress advance();

  // How much was inflated so far.
  std::size_t size() const { return text_.size(); }
  // What was inflated.
  std::string take() { return std::move(text_); }

 private:
  Progress end_of_member();

  const std::size_t max_bytes_;
  z_stream stream_{};
  std::string text_;
};

}  // namespace ubiety::http
