// Puts the body of a summary together from the shards' parts, in steps, so that a large one does not block the loop.
// One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/summary.hpp"
#include "http/resources/summary/summary_encoding.hpp"
#include "http/resources/summary/summary_request.hpp"

namespace ubiety::http {

class SummaryBody {
 public:
  // Without a limit the shards' pieces are sent as they are, without a copy. With a limit their rows are merged.
  // Deflated pieces are joined: they are small, many of them cost more to send than one, and each is part of the
  // checksum.
  using Pieces = std::vector<std::shared_ptr<const std::string>>;

  // `parts` in the order of the shards.
  SummaryBody(SummaryRequest request, std::vector<SummaryPart> parts);

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
  std::size_t shard_of_next_row() const;

  const SummaryRequest request_;
  std::vector<SummaryPart> parts_;
  std::uint64_t devices_ = 0, online_ = 0;
  Pieces pieces_;

  std::vector<SummaryPiece> to_join_;  // of a gzipped body, in their order
  std::size_t joined_ = 0;
  GzipFrame frame_;

  std::string text_;                   // the piece that is being written
  std::vector<std::size_t> next_row_;  // of each part
  std::size_t merged_ = 0;             // rows
};

}  // namespace ubiety::http
