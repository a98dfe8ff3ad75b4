// The characters of a text: classes and letter case of ASCII, and UTF-8 as RFC 3629 defines it. Pure functions, any
// thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety {

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

}  // namespace ubiety
