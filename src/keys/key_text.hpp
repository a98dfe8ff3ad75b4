// How an API key is written: "ubiety_", 43 characters at random, 6 of checksum. The prefix lets scanners of source code
// and logs find a key that leaked, the checksum tells them that it is one. 43 characters of 62 are 256 bits.
// Pure functions, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace ubiety::keys {

inline constexpr std::string_view key_prefix = "ubiety_";
inline constexpr std::string_view key_alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::size_t random_characters = 43;
inline constexpr std::size_t checksum_characters = 6;
inline constexpr std::size_t key_length = key_prefix.size() + random_characters + checksum_characters;

// As much of a key as is shown: 36 of its bits, and 220 stay unknown.
inline constexpr std::size_t shown_length = key_prefix.size() + 6;

// The CRC-32 (of zlib and Ethernet) of what stands before the checksum, in the alphabet's digits, the highest first.
std::array<char, checksum_characters> checksum_of(std::string_view before_checksum);

}  // namespace ubiety::keys
