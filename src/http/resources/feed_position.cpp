#include "http/resources/feed_position.hpp"

#include <charconv>
#include <cstddef>

namespace ubiety::http {
namespace {

constexpr std::string_view version = "1";
constexpr int hexadecimal = 16;
constexpr std::size_t max_digits = 16;  // of 64 bits
constexpr std::size_t max_shards = 256;
constexpr char separator = '-';

void append_number(std::string& out, std::uint64_t number) {
  char digits[max_digits];
  out += separator;
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number, hexadecimal).ptr);
}

// Takes the next number from the text, with the separator before it.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  if (!text.starts_with(separator)) return std::nullopt;
  const auto digits = text.substr(1, text.find(separator, 1) - 1);
  if (digits.empty() || digits.size() > max_digits) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, hexadecimal);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  text.remove_prefix(1 + digits.size());
  return number;
}

}  // namespace

std::string text_of(const FeedPosition& position) {
  std::string text(version);
  append_number(text, position.run);
  append_number(text, position.last_event);
  for (const auto change : position.changes) append_number(text, change);
  return text;
}

std::optional<FeedPosition> parse_position(std::string_view text) {
  if (!text.starts_with(version)) return std::nullopt;
  text.remove_prefix(version.size());
  const auto run = take_number(text), last_event = run ? take_number(text) : std::nullopt;
  if (!last_event) return std::nullopt;
  FeedPosition position{*run, *last_event, {}};
  while (!text.empty() && position.changes.size() < max_shards) {
    const auto change = take_number(text);
    if (!change) return std::nullopt;
    position.changes.push_back(*change);
  }
  if (!text.empty() || position.changes.empty()) return std::nullopt;
  return position;
}

}  // namespace ubiety::http
