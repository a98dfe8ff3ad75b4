#include "keys/key_hasher.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace ubiety::keys {

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
