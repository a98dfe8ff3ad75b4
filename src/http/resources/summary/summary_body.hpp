// The shards' parts become the body of a summary, in steps: a large one does not hold up the loop. One thread at a
// time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/summary.hpp"
#include "http/message/gzip.hpp"
#include "http/resources/summary/summary_request.hpp"

namespace ubiety::http {

class SummaryBody {
 public:
  // Of a request without a limit the shards' pieces are sent as they are, with copies of none. With a limit their rows
  // are merged. Deflated pieces are small, and many small ones cost more to send than one large one, and each has its
  // part in the checksum: they are put together.
  using Pieces = std::vector<std::shared_ptr<const std::string>>;

  // `parts` in the order of the shards.
  SummaryBody(SummaryRequest request, std::vector<SummaryPart> parts);

  // Does the next step, of some tenths of a millisecond. Returns whether the body is complete.
  bool advance();

  // Of the complete body; never empty.
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

  std::string text_;                   // under way
  std::vector<std::size_t> next_row_;  // of each part
  std::size_t merged_ = 0;             // rows
};

}  // namespace ubiety::http
