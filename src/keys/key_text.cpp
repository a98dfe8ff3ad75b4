#include "keys/key_text.hpp"

#include <zlib.h>

#include <algorithm>

namespace ubiety::keys {
namespace {

bool is_in_alphabet(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

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

bool is_well_formed(std::string_view text) {
  if (text.size() != key_length || !text.starts_with(key_prefix)) return false;
  const auto before_checksum = text.substr(0, key_length - checksum_characters);
  const auto random = before_checksum.substr(key_prefix.size());
  if (!std::all_of(random.begin(), random.end(), is_in_alphabet)) return false;
  const auto checksum = checksum_of(before_checksum);
  return text.substr(before_checksum.size()) == std::string_view(checksum.data(), checksum.size());
}

}  // namespace ubiety::keys
