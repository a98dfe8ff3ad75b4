// The columns of a segment: they are read as records that are written as the same, or refused by a std::runtime_error.
#include "storage/postgres/binary_format.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fuzzing.hpp"
#include "storage/log/merge_plan.hpp"
#include "storage/postgres/segment_columns.hpp"

using namespace ubiety;

namespace {

std::optional<std::vector<Status>> read(postgres::FieldReader reader) {
  try {
    return postgres::records_in(reader);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto records = read(postgres::FieldReader(text));
  if (!records || records->empty()) return 0;
  if (!std::is_sorted(records->begin(), records->end(), log::oldest_first)) return 0;
  std::string row;
  postgres::append_segment(row, "sensor", {.merge = 1, .closed = false}, *records);
  postgres::FieldReader written(row);
  written.number<std::int16_t>();                              // the number of columns
  for (int column = 0; column < 5; ++column) written.field();  // those in front of the segment's
  fuzz::require(read(written) == records, "a segment is written as it was read");
  return 0;
}
