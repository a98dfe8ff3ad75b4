#include "domain/text.hpp"

#include <algorithm>
#include <cstdlib>

namespace ubiety {
namespace {

struct SequenceRule {
  std::size_t continuation_bytes;
  std::uint8_t second_byte_from, second_byte_to;  // excludes overlong forms and surrogates
};

// RFC 3629, section 4: the syntax of UTF-8 byte sequences, by the first byte.
std::optional<SequenceRule> rule_of(std::uint8_t first) {
  if (first >= 0xC2 && first <= 0xDF) return SequenceRule{1, 0x80, 0xBF};
  if (first == 0xE0) return SequenceRule{2, 0xA0, 0xBF};
  if (first == 0xED) return SequenceRule{2, 0x80, 0x9F};
  if (first >= 0xE1 && first <= 0xEF) return SequenceRule{2, 0x80, 0xBF};
  if (first == 0xF0) return SequenceRule{3, 0x90, 0xBF};
  if (first >= 0xF1 && first <= 0xF3) return SequenceRule{3, 0x80, 0xBF};
  if (first == 0xF4) return SequenceRule{3, 0x80, 0x8F};
  return std::nullopt;
}

constexpr std::string_view all_digits = "0123456789abcdef";

}  // namespace

std::size_t first_character_size(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x80) return 1;
  const auto rule = rule_of(first);
  if (!rule || text.size() <= rule->continuation_bytes) return 0;
  const auto second = static_cast<std::uint8_t>(text[1]);
  if (second < rule->second_byte_from || second > rule->second_byte_to) return 0;
  for (std::size_t k = 2; k <= rule->continuation_bytes; ++k)
    if ((static_cast<std::uint8_t>(text[k]) & 0xC0) != 0x80) return 0;
  return 1 + rule->continuation_bytes;
}

std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t characters = 0;
  for (; !text.empty(); ++characters) {
    const auto size = first_character_size(text);
    if (size == 0) return std::nullopt;
    text.remove_prefix(size);
  }
  return characters;
}

std::string replace_malformed(std::string_view text) {
  std::string replaced;
  while (!text.empty()) {
    const auto size = first_character_size(text);
    replaced += size == 0 ? "\uFFFD" : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return replaced;
}

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

void append_hexadecimal(std::string& out, std::string_view bytes) {
  auto at = out.size();
  out.resize(at + 2 * bytes.size());
  for (const char c : bytes) {
    out[at++] = all_digits[static_cast<unsigned char>(c) >> 4];
    out[at++] = all_digits[static_cast<unsigned char>(c) & 0xF];
  }
}

std::string to_hexadecimal(std::string_view bytes) {
  std::string digits;
  append_hexadecimal(digits, bytes);
  return digits;
}

std::string to_hexadecimal(std::span<const unsigned char> bytes) {
  return to_hexadecimal({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<std::string> from_hexadecimal(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto high = all_digits.find(digits[i]), low = all_digits.find(digits[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace ubiety
