#include "domain/text/characters.hpp"

#include <algorithm>
#include <cstdint>

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

}  // namespace ubiety
