#include "keys/key_text.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace ubiety::keys {
namespace {

// All characters are equally likely: bytes that would favour some are skipped.
char random_character() {
  constexpr unsigned fair = 256 / key_alphabet.size() * key_alphabet.size();
  for (;;) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) throw std::runtime_error("the system has no random bytes for a key");
    if (byte < fair) return key_alphabet[byte % key_alphabet.size()];
  }
}

}  // namespace

std::array<char, checksum_characters> checksum_of(std::string_view before_checksum) {
  auto sum =
      ::crc32(0, reinterpret_cast<const Bytef*>(before_checksum.data()), static_cast<uInt>(before_checksum.size()));
  std::array<char, checksum_characters> digits{};
  for (auto& digit : digits) {
    digit = key_alphabet[sum % key_alphabet.size()];
    sum /= key_alphabet.size();
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

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

void KeyHasher::Free::operator()(evp_md_st* digest) const { EVP_MD_free(digest); }
void KeyHasher::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

KeyHasher::KeyHasher() : digest_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
  if (!digest_ || !context_) throw std::runtime_error("SHA-256 is not available");
}

KeyHash KeyHasher::hash_of(std::string_view text) {
  KeyHash hash{};
  if (EVP_DigestInit_ex2(context_.get(), digest_.get(), nullptr) != 1 ||
      EVP_DigestUpdate(context_.get(), text.data(), text.size()) != 1 ||
      EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr) != 1)
    throw std::runtime_error("SHA-256 failed");
  return hash;
}

}  // namespace ubiety::keys
