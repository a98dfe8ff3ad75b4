// Numbers and bytes as text: decimal numbers, of which the whole text must be one; hexadecimal digits; and integers as
// bytes. Pure functions, any thread.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
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

// Two digits for each byte, in lower case.
void append_hexadecimal(std::string& out, std::string_view bytes);

std::string to_hexadecimal(std::string_view bytes);
std::string to_hexadecimal(std::span<const unsigned char> bytes);

// nullopt for anything that to_hexadecimal does not write.
std::optional<std::string> from_hexadecimal(std::string_view digits);

// The value of one digit, of either case; -1 for any other character.
constexpr int hexadecimal_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// Appends the sizeof(Integer) bytes of the two's complement, the most significant first (network byte order).
template <std::integral Integer>
void append_big_endian(std::string& out, Integer value) {
  const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  char bytes[sizeof(Integer)];
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bits >> (8 * (sizeof(Integer) - 1 - i))));
  out.append(bytes, sizeof(Integer));
}

// Reads such bytes; there must be exactly sizeof(Integer) of them.
template <std::integral Integer>
Integer big_endian(std::string_view bytes) {
  std::make_unsigned_t<Integer> bits = 0;
  for (const char byte : bytes)
    bits = static_cast<std::make_unsigned_t<Integer>>((bits << 8) | static_cast<unsigned char>(byte));
  return static_cast<Integer>(bits);
}

}  // namespace ubiety
