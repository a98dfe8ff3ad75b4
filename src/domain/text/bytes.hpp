// Bytes as hexadecimal digits, and integers as bytes. Pure functions, any thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace ubiety {

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
