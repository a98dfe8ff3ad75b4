// The text of an API key, and its hash. The text is "ubiety_", 43 random characters, 6 of checksum. The prefix lets
// scanners of source code and logs find a leaked key, and the checksum confirms it. 43 of 62 characters are 256 bits.
// Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

#include "domain/api_key.hpp"

struct evp_md_st;
struct evp_md_ctx_st;

namespace ubiety::keys {

inline constexpr std::string_view key_prefix = "ubiety_";
inline constexpr std::string_view key_alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::size_t random_characters = 43;
inline constexpr std::size_t checksum_characters = 6;
inline constexpr std::size_t key_length = key_prefix.size() + random_characters + checksum_characters;

// How much of a key is shown later: 36 of its bits, so that 220 remain secret.
inline constexpr std::size_t shown_length = key_prefix.size() + 6;

// The CRC-32 (of zlib and Ethernet) of the text before the checksum, in digits of the alphabet, the most significant
// first.
std::array<char, checksum_characters> checksum_of(std::string_view before_checksum);

// The text of a new key, which is shown once and stored nowhere. The memory is wiped on destruction, and after a move.
// One thread at a time.
class PlainKey {
 public:
  // Throws std::runtime_error if the system has no randomness.
  static PlainKey random();

  PlainKey(PlainKey&& other) noexcept : text_(other.text_) { other.wipe(); }
  PlainKey& operator=(PlainKey&& other) noexcept;
  PlainKey(const PlainKey&) = delete;
  PlainKey& operator=(const PlainKey&) = delete;
  ~PlainKey() { wipe(); }

  std::string_view text() const { return {text_.data(), text_.size()}; }
  std::string_view shown() const { return text().substr(0, shown_length); }

 private:
  PlainKey() = default;
  void wipe() noexcept;

  std::array<char, key_length> text_{};
};

// Hashes the text of a key by SHA-256. A key has 256 random bits and cannot be guessed, so it needs neither a salt nor
// a slow hash. Keeps the algorithm, because OpenSSL 3 takes longer to look it up than to hash. One thread.
class KeyHasher {
 public:
  // Throws std::runtime_error if OpenSSL has no SHA-256.
  KeyHasher();

  KeyHash hash_of(std::string_view text);

 private:
  struct Free {
    void operator()(evp_md_st* digest) const;
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_st, Free> digest_;
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace ubiety::keys
