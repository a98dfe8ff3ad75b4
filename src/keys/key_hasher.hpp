// SHA-256 of a key's text. A key has 256 random bits, so it needs no salt and no slow hash: there is nothing to guess.
// One thread.
#pragma once

#include <memory>
#include <string_view>

#include "domain/api_key.hpp"

struct evp_md_st;
struct evp_md_ctx_st;

namespace ubiety::keys {

// Keeps what OpenSSL 3 would look up for each hash, which takes longer than the hash.
class KeyHasher {
 public:
  // Throws std::runtime_error when OpenSSL has no SHA-256.
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
