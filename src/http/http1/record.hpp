// What of many buffers goes into the next TLS record. A pure function.
#pragma once

#include <restinio/asio_include.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

namespace ubiety::http::transport {

// The bytes of `buffers` from `from` on, as many as `space` takes: where they stand if they stand together, else
// gathered in `space`. OpenSSL makes a record of each write, and an answer may be of many small pieces.
template <typename Buffers>
std::span<const char> record_at(const Buffers& buffers, std::size_t from, std::span<char> space) {
  const auto size = std::min(space.size(), asio::buffer_size(buffers) - from);
  std::size_t gathered = 0;
  for (auto at = asio::buffer_sequence_begin(buffers); gathered != size; ++at) {
    const asio::const_buffer buffer(*at);
    if (from >= buffer.size()) {
      from -= buffer.size();
      continue;
    }
    const auto* const part = static_cast<const char*>(buffer.data()) + from;
    const auto part_size = std::min(buffer.size() - from, size - gathered);
    if (part_size == size) return {part, size};
    std::memcpy(space.data() + gathered, part, part_size);
    gathered += part_size;
    from = 0;
  }
  return space.first(gathered);
}

}  // namespace ubiety::http::transport
