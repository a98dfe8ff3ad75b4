// Bytes as hexadecimal digits, two for each byte, in lower case. Pure functions, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ubiety {

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

}  // namespace ubiety
