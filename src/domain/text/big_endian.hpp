// Integers as bytes, the most significant first: network byte order. Pure functions, any thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace ubiety {

// Appends sizeof(Integer) bytes, in two's complement.
template <std::integral Integer>
void append_big_endian(std::string& out, Integer value) {
  const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  char bytes[sizeof(Integer)];
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bits >> (8 * (sizeof(Integer) - 1 - i))));
  out.append(bytes, sizeof(Integer));
}

// Reads sizeof(Integer) bytes; `bytes` must have exactly as many.
template <std::integral Integer>
Integer big_endian(std::string_view bytes) {
  std::make_unsigned_t<Integer> bits = 0;
  for (const char byte : bytes)
    bits = static_cast<std::make_unsigned_t<Integer>>((bits << 8) | static_cast<unsigned char>(byte));
  return static_cast<Integer>(bits);
}

}  // namespace ubiety
