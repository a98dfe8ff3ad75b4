#include "domain/text/number.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace ubiety {

std::optional<Number> parse_number(std::string_view text) {
  // std::strtod accepts more: hexadecimal digits, `inf`, `nan`, white space.
  if (text.empty() || !std::all_of(text.begin(), text.end(), may_be_in_number)) return std::nullopt;
  if (const auto integer = parse_integer<std::int64_t>(text)) return *integer;

  // std::strtod, because std::from_chars does not say whether a number is too large for a double or too small.
  const std::string terminated(text);
  char* stopped = nullptr;
  const double number = std::strtod(terminated.c_str(), &stopped);
  if (stopped != terminated.c_str() + terminated.size()) return std::nullopt;
  return number;
}

}  // namespace ubiety
