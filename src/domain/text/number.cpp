#include "domain/text/number.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace ubiety {
namespace {

constexpr std::string_view all_digits = "0123456789abcdef";

}  // namespace

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
