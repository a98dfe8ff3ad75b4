// Text: the characters in it, as ASCII and UTF-8 (RFC 3629) define them, and the numbers and bytes that it stands for.
// Pure functions, any thread.
#pragma once

#include <algorithm>
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

namespace ubiety {

// -- characters --

// ASCII characters, whatever the locale. Other bytes belong to no class and have no case.
namespace ascii {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
// U+0000 to U+001F, and U+007F.
constexpr bool is_control(char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }
// Printed with ink: neither a control character nor the space.
constexpr bool is_visible(char c) { return c > 0x20 && c < 0x7F; }

// The characters of a token, such as the name of a header field (RFC 9110, 5.6.2).
constexpr bool is_token(char c) {
  return is_alphanumeric(c) || (is_visible(c) && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

inline std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = to_lower(c);
  return lower;
}

inline std::string to_upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = to_upper(c);
  return upper;
}

constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char l, char r) { return to_lower(l) == to_lower(r); });
}

}  // namespace ascii

// Returns `text` without the blanks around it.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// The following read UTF-8 without overlong forms, without surrogates, and without anything above U+10FFFF.

// The size in bytes of the first character of `text`; 0 if `text` is empty or does not begin with a character.
std::size_t first_character_size(std::string_view text);

// The number of Unicode characters in `text`; nullopt if it is not valid UTF-8.
std::optional<std::size_t> count_characters(std::string_view text);

// `text` with U+FFFD in place of each byte that is not part of a character.
std::string replace_malformed(std::string_view text);

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Removes one byte order mark from the front of `text`, if it begins with one.
constexpr std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

// -- numbers: decimal, of which the whole text must be one; hexadecimal digits; integers as bytes --

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
