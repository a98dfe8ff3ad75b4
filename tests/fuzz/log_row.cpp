// Rows of the log: each is read as updates that are written as the same bytes again, or refused. The input has no
// checksum, which would refuse all but the corpus.
#include "storage/log/format.hpp"

#include "fuzzing.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string row(fuzz::text_of(data, size));
  log::append_checksum(row);
  const auto updates = log::decode_row(row);
  if (!updates) return 0;
  UpdateList list;
  for (const auto& update : *updates) list.push_back(&update);
  const auto again = log::decode_row(log::encode_row(list));
  fuzz::require(again.ok() && *again == *updates, "a row is written as it was read");
  return 0;
}
