#include "support/gunzip.hpp"

#include <zlib.h>

#include <array>

namespace ubiety::test {

std::optional<std::string> gunzip(std::string_view gzip) {
  constexpr int with_gzip_header = 15 + 16;
  z_stream stream{};
  if (inflateInit2(&stream, with_gzip_header) != Z_OK) return std::nullopt;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  std::string text;
  std::array<char, 1 << 16> buffer;
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = buffer.size();
    result = inflate(&stream, Z_NO_FLUSH);
    text.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  const bool is_whole = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  return is_whole ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace ubiety::test
