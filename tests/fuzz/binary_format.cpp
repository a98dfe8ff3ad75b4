// The rows of a COPY: each is read as an update that is written as the same, or refused by a std::runtime_error.
#include "storage/postgres/binary_format.hpp"

#include <stdexcept>

#include "fuzzing.hpp"

using namespace ubiety;

namespace {

std::optional<StatusUpdate> read(postgres::RowReader& reader, std::string_view piece) {
  try {
    return reader.read(piece);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  postgres::RowReader reader;
  read(reader, text);
  const auto update = read(reader, text);
  if (!update) return 0;
  std::string row;
  postgres::append_row(row, *update);
  const auto again = read(reader, row);
  fuzz::require(again == update, "a row is written as it was read");
  return 0;
}
