#include "http/hexadecimal.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view digits_of_all = "0123456789abcdef";

}  // namespace

std::string to_hexadecimal(std::string_view bytes) {
  std::string digits;
  digits.reserve(2 * bytes.size());
  for (const char c : bytes) {
    digits += digits_of_all[static_cast<unsigned char>(c) >> 4];
    digits += digits_of_all[static_cast<unsigned char>(c) & 0xF];
  }
  return digits;
}

std::optional<std::string> from_hexadecimal(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto high = digits_of_all.find(digits[i]), low = digits_of_all.find(digits[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace ubiety::http
