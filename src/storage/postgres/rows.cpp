#include "storage/postgres/rows.hpp"

#include <charconv>
#include <cstdlib>

#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {

std::int64_t Row::number(int column) const {
  const auto text = bytes(column);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    throw BadRow("expected an integer, not \"" + std::string(text) + "\"");
  return number;
}

std::size_t Rows::affected() const { return std::strtoull(PQcmdTuples(result_.get()), nullptr, 10); }

}  // namespace ubiety::postgres
