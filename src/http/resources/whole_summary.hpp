// The summary of every device: the shards' pieces, joined to one body. One of these a coding. The loop's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/summary.hpp"
#include "http/answer.hpp"

namespace ubiety::http {

// Sends the pieces as they are: copies of none.
Answer plain_summary_answer(std::vector<SummaryPart>& parts);

// Deflated pieces are small, and many small ones cost more to send than one large one, and each has its part in the
// checksum. So the body is put together once, and kept for all who ask before anything changes.
class GzippedSummary {
 public:
  // `parts` in the order of the shards.
  Answer answer(std::vector<SummaryPart>& parts);

 private:
  std::vector<std::uint64_t> versions_;  // of the parts, when the body was made
  std::shared_ptr<const std::string> body_;
};

}  // namespace ubiety::http
