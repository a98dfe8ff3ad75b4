#include "keys/plain_key.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace ubiety::keys {
namespace {

// Each is as likely as any other: bytes that would favour some are left out.
char random_character() {
  constexpr unsigned fair = 256 / key_alphabet.size() * key_alphabet.size();
  for (;;) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) throw std::runtime_error("no random bytes are to be had for a key");
    if (byte < fair) return key_alphabet[byte % key_alphabet.size()];
  }
}

}  // namespace

PlainKey PlainKey::random() {
  PlainKey key;
  auto* const random = std::copy(key_prefix.begin(), key_prefix.end(), key.text_.begin());
  auto* const checksum = std::generate_n(random, random_characters, random_character);
  const auto digits = checksum_of(key.text().substr(0, key_length - checksum_characters));
  std::copy(digits.begin(), digits.end(), checksum);
  return key;
}

PlainKey& PlainKey::operator=(PlainKey&& other) noexcept {
  if (this == &other) return *this;
  text_ = other.text_;
  other.wipe();
  return *this;
}

void PlainKey::wipe() noexcept { OPENSSL_cleanse(text_.data(), text_.size()); }

}  // namespace ubiety::keys
