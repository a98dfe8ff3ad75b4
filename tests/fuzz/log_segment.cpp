// Segments: each is read as records that are written as the same again, or refused. The input has no checksum, which
// would refuse all but the corpus.
#include "storage/log/format.hpp"

#include "fuzzing.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string segment(fuzz::text_of(data, size));
  log::append_checksum(segment);
  const auto records = log::decode_segment(segment);
  if (!records) return 0;
  const auto again = log::decode_segment(log::encode_segment(*records));
  fuzz::require(again.ok() && *again == *records, "a segment is written as it was read");
  return 0;
}
