#include "storage/log/bytes.hpp"

#include <zlib.h>

#include "domain/text/number.hpp"

namespace ubiety::log {
namespace {

constexpr std::size_t checksum_size = 4;
constexpr std::uint8_t more_follow = 0x80;

std::uint32_t checksum_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= more_follow; value >>= 7) out += static_cast<char>(value | more_follow);
  out += static_cast<char>(value);
}

void append_checksum(std::string& out) { append_big_endian(out, checksum_of(out)); }

std::uint64_t ByteReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto next = byte();
    const auto bits = static_cast<std::uint64_t>(next & ~more_follow);
    if (shift == 63 && bits > 1) break;  // beyond 64 bits
    value |= bits << shift;
    if ((next & more_follow) == 0) return failed_ ? 0 : value;
  }
  failed_ = true;
  return 0;
}

std::uint8_t ByteReader::byte() {
  const auto one = text(1);
  return one.empty() ? 0 : static_cast<std::uint8_t>(one.front());
}

std::string_view ByteReader::text(std::uint64_t size) {
  if (failed_ || size > left_.size()) {
    failed_ = true;
    return {};
  }
  const auto taken = left_.substr(0, size);
  left_.remove_prefix(size);
  return taken;
}

std::optional<std::string_view> without_checksum(std::string_view bytes) {
  if (bytes.size() < checksum_size) return std::nullopt;
  const auto content = bytes.substr(0, bytes.size() - checksum_size);
  if (big_endian<std::uint32_t>(bytes.substr(content.size())) != checksum_of(content)) return std::nullopt;
  return content;
}

}  // namespace ubiety::log
