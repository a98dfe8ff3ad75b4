// Reads decimal numbers from their text. The whole text must be the number. Pure functions, any thread.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "domain/text/characters.hpp"

namespace ubiety {

// An integer in decimal digits, with a `-` in front if it is negative. nullopt for any other text, and for an integer
// that does not fit the type.
template <std::integral Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  Integer value{};
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// Whether a decimal number may contain the character: a digit, a sign, the point or the exponent's `e`.
constexpr bool may_be_in_number(char c) {
  return ascii::is_digit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
}

using Number = std::variant<std::int64_t, double>;

// An integer that fits is exact. Any other number is the nearest double: infinite if it is too large for a double, 0 if
// it is too small. nullopt if the text is not a number. Leading zeros, a plus sign, `5.` and `.5` are accepted;
// hexadecimal digits, `inf`, `nan` and blanks are not.
std::optional<Number> parse_number(std::string_view text);

}  // namespace ubiety
