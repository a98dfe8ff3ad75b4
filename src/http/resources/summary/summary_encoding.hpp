// How a summary is written: its JSON, of which the shards render the devices, and its gzip, which is put together from
// pieces that were deflated separately and can be kept and used again. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/summary.hpp"
#include "domain/status_update.hpp"

namespace ubiety::http {

inline constexpr std::string_view summary_beginning = "{\"devices\":[";

// Appends a comma and one device: SummaryEncoder::render.
void render_summary_device(std::string& out, std::string_view device_id, const Status& status);

// Appends what follows the devices, without the object's closing brace.
void append_summary_counts(std::string& out, std::uint64_t devices, std::uint64_t online);

// Deflates the text (RFC 1951) without a last block, up to a full byte, and without references to what came before:
// such pieces can be joined in any order. Throws std::bad_alloc.
Deflated deflate_piece(std::string_view text);

// The gzip member (RFC 1952) around the pieces of one stream. One thread.
class GzipFrame {
 public:
  static std::string header();

  // Adds the next piece by the checksum and the length of its text.
  void add(std::uint32_t crc, std::uint64_t length);
  std::string trailer() const;

 private:
  std::uint32_t crc_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace ubiety::http
