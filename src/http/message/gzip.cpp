#include "http/message/gzip.hpp"

#include <zlib.h>

#include <new>

namespace ubiety::http {
namespace {

constexpr int raw_deflate = -15;  // of the largest window, with neither header nor checksum
constexpr int memory_level = 8;
constexpr std::size_t flush_length = 16;  // more than a full flush adds

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 0xFF);
}

}  // namespace

Deflated deflate_piece(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_deflate, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  Deflated deflated;
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  deflated.bytes.resize(deflateBound(&stream, static_cast<uLong>(text.size())) + flush_length);
  stream.next_in = const_cast<Bytef*>(bytes);  // zlib's interface knows no const
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(deflated.bytes.data());
  stream.avail_out = static_cast<uInt>(deflated.bytes.size());
  deflate(&stream, Z_FULL_FLUSH);
  deflated.bytes.resize(stream.total_out);
  deflateEnd(&stream);
  deflated.crc = static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(text.size())));
  deflated.length = text.size();
  return deflated;
}

// No name, no time, system unknown.
std::string GzipFrame::header() { return {'\x1F', '\x8B', '\x08', 0, 0, 0, 0, 0, 0, '\xFF'}; }

void GzipFrame::add(std::uint32_t crc, std::uint64_t length) {
  crc_ = static_cast<std::uint32_t>(crc32_combine(crc_, crc, static_cast<z_off_t>(length)));
  length_ += length;
}

std::string GzipFrame::trailer() const {
  std::string trailer{'\x03', '\x00'};  // the last block: fixed codes, nothing in it
  append_little_endian(trailer, crc_);
  append_little_endian(trailer, static_cast<std::uint32_t>(length_));
  return trailer;
}

}  // namespace ubiety::http
