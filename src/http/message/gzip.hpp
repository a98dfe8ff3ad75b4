// Gzip (RFC 1952) put together from pieces that were deflated apart from each other, and so can be kept and used again.
// Pure functions but for the writer; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/summary.hpp"

namespace ubiety::http {

// Deflated (RFC 1951) without the last block, up to a full byte, and not looking back beyond its own beginning: so
// pieces stand behind one another in any order. Throws std::bad_alloc.
Deflated deflate_piece(std::string_view text);

// What stands before and after the pieces. One writer a stream.
class GzipFrame {
 public:
  static std::string header();

  // The next piece of the stream, by what it inflates to.
  void add(std::uint32_t crc, std::uint64_t length);
  std::string trailer() const;

 private:
  std::uint32_t crc_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace ubiety::http
