#include "keys/key_text.hpp"

#include <zlib.h>

#include <algorithm>

namespace ubiety::keys {

std::array<char, checksum_characters> checksum_of(std::string_view before_checksum) {
  auto sum =
      ::crc32(0, reinterpret_cast<const Bytef*>(before_checksum.data()), static_cast<uInt>(before_checksum.size()));
  std::array<char, checksum_characters> digits{};
  for (auto& digit : digits) {
    digit = key_alphabet[sum % key_alphabet.size()];
    sum /= key_alphabet.size();
  }
  std::reverse(digits.begin(), digits.end());  // the most significant first
  return digits;
}

}  // namespace ubiety::keys
