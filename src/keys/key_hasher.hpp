// Hashes the text of a key by SHA-256. A key has 256 random bits and cannot be guessed, so it needs neither a salt nor
// a slow hash. One thread.
#pragma once

#include <memory>
#include <string_view>

#include "domain/api_key.hpp"

struct evp_md_st;
struct evp_md_ctx_st;

namespace ubiety::keys {

// Keeps the algorithm, because OpenSSL 3 takes longer to look it up than to hash.
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
