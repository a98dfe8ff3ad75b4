// The body of a summary: its JSON, of which the shards render the devices, and its gzip, which is put together from
// pieces that were deflated separately and can be kept and used again. Pure functions, any thread; objects: one thread
// at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/summary.hpp"
#include "domain/status.hpp"
#include "http/resources/summary/summary_request.hpp"

namespace ubiety::http {

inline constexpr std::string_view summary_beginning = "{\"devices\":[";

// Appends a comma and one device: SummaryEncoder::render.
void render_summary_device(std::string& out, std::string_view device_id, const DeviceState& state);

// Appends what follows the devices, without the object's closing brace.
void append_summary_counts(std::string& out, std::uint64_t devices, std::uint64_t online);

// Deflates the text (RFC 1951) without a last block, up to a full byte, and without references to what came before:
// such pieces can be joined in any order. Throws std::bad_alloc.
Deflated deflate_piece(std::string_view text);

// The gzip member (RFC 1952) around the pieces of one stream.
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

// Puts the body together from the shards' parts, in steps, so that a large one does not block the loop. Without a limit
// the shards' pieces are sent as they are, without a copy. With a limit their rows are merged, in the order of the
// sort. Deflated pieces are joined: they are small, many of them cost more to send than one, and each is part of the
// checksum.
class SummaryBody {
 public:
  using Pieces = std::vector<std::shared_ptr<const std::string>>;

  // `parts` in the order of the shards. So many of the rows come before the page.
  SummaryBody(SummaryRequest request, std::vector<SummaryPart> parts, std::size_t skipped = 0);

  // Does the next step, which takes some tenths of a millisecond. Returns whether the body is complete.
  bool advance();

  // The complete body; never empty.
  const Pieces& pieces() const { return pieces_; }

 private:
  bool advance_gzip();
  bool advance_merge();
  void join_pieces();
  // `last_id_before_more`: empty on the last page.
  std::string end_of_json(std::string_view last_id_before_more = {}) const;
  std::string_view last_id() const;
  std::size_t shard_of_next_row() const;
  bool comes_before(std::size_t left, std::size_t right) const;
  void add_row(std::size_t shard);

  const SummaryRequest request_;
  std::vector<SummaryPart> parts_;
  std::uint64_t devices_ = 0, online_ = 0;
  Pieces pieces_;

  std::vector<SummaryPiece> to_join_;  // of a gzipped body, in their order
  std::size_t joined_ = 0;
  GzipFrame frame_;

  std::string text_;                   // the piece that is being written
  std::vector<std::size_t> next_row_;  // of each part
  const std::size_t skipped_;
  std::size_t merged_ = 0;  // rows, with those skipped
  bool has_rows_ = false;
};

}  // namespace ubiety::http
