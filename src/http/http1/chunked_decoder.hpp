// Decodes the chunked transfer coding (RFC 9112, 7.1) strictly: the framing must follow the grammar exactly; extensions
// and trailer fields are checked and discarded. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "http/http1/head_grammar.hpp"

namespace ubiety::http::gate {

class ChunkedDecoder {
 public:
  explicit ChunkedDecoder(const GateLimits& limits, std::uint32_t max_body_bytes = 0)
      : limits_(&limits), max_body_bytes_(max_body_bytes) {}

  struct Step {
    Scan scan;
    std::size_t consumed = 0;  // all of the bytes, unless the body ended within them or was refused
    std::size_t produced = 0;
  };

  // Decodes the next bytes of the body in place, and leaves their content at the front.
  Step decode(char* bytes, std::size_t size);

  // The bytes of content so far.
  std::uint32_t content_size() const { return content_size_; }

 private:
  enum class State : std::uint8_t {
    size_first,
    size,
    before_extension,
    before_extension_name,
    extension_name,
    after_extension_name,
    before_extension_value,
    extension_token,
    extension_quoted,
    extension_escape,
    after_extension_value,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_first,
    trailer_name,
    trailer_value,
    trailer_lf,
    end_lf,
    done,
  };

  Scan take(char c);
  Scan take_size(char c);
  Scan take_extension(char c);
  Scan take_trailer(char c);
  Scan after_extension_part(char c, State blank);

  const GateLimits* limits_;
  std::uint32_t max_body_bytes_;
  std::size_t extension_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::size_t trailer_count_ = 0;
  std::uint64_t chunk_left_ = 0;
  std::uint32_t content_size_ = 0;
  std::uint8_t size_digits_ = 0;
  bool is_last_chunk_ = false;
  State state_ = State::size_first;
};

}  // namespace ubiety::http::gate
