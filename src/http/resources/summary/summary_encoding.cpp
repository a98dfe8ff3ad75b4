#include "http/resources/summary/summary_encoding.hpp"

#include <zlib.h>

#include <new>

#include "json/writer.hpp"

namespace ubiety::http {
namespace {

constexpr int raw_deflate = -15;  // the largest window, without header and checksum
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
  stream.next_in = const_cast<Bytef*>(bytes);  // zlib's interface lacks const
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

// Without a name and a time; the system is unknown.
std::string GzipFrame::header() { return {'\x1F', '\x8B', '\x08', 0, 0, 0, 0, 0, 0, '\xFF'}; }

void GzipFrame::add(std::uint32_t crc, std::uint64_t length) {
  crc_ = static_cast<std::uint32_t>(crc32_combine(crc_, crc, static_cast<z_off_t>(length)));
  length_ += length;
}

std::string GzipFrame::trailer() const {
  std::string trailer{'\x03', '\x00'};  // the last block: fixed codes, empty
  append_little_endian(trailer, crc_);
  append_little_endian(trailer, static_cast<std::uint32_t>(length_));
  return trailer;
}

void render_summary_device(std::string& out, std::string_view device_id, const Status& status) {
  out += ",{\"device_id\":";
  json::append_string(out, device_id);
  out += ",\"battery_level\":";
  json::append_number(out, status.battery_level);
  out += ",\"online\":";
  json::append_boolean(out, status.online);
  out += ",\"last_update\":";
  json::append_timestamp(out, status.timestamp);
  out += '}';
}

void append_summary_counts(std::string& out, std::uint64_t devices, std::uint64_t online) {
  out += "],\"total_devices\":";
  json::append_number(out, devices);
  out += ",\"online_devices\":";
  json::append_number(out, online);
  out += ",\"offline_devices\":";
  json::append_number(out, devices - online);
}

}  // namespace ubiety::http
