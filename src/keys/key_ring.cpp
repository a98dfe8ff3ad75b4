#include "keys/key_ring.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "domain/text/bytes.hpp"

namespace ubiety::keys {
namespace {

// The part of a hash by which a key is searched. The time of the search may leak these bits of a stored hash, but an
// attacker cannot choose a text by its hash. The whole hash, which decides, is compared in constant time.
std::uint64_t place_of(const KeyHash& hash) {
  return big_endian<std::uint64_t>({reinterpret_cast<const char*>(hash.data()), sizeof(std::uint64_t)});
}

}  // namespace

KeyRing::KeyRing(std::vector<RingKey> keys) : keys_(std::move(keys)) {
  std::sort(keys_.begin(), keys_.end(),
            [](const RingKey& left, const RingKey& right) { return left.hash < right.hash; });
}

const RingKey* KeyRing::find(const KeyHash& hash) const {
  const auto place = place_of(hash);
  auto key = std::lower_bound(keys_.begin(), keys_.end(), place,
                              [](const RingKey& one, std::uint64_t wanted) { return place_of(one.hash) < wanted; });
  for (; key != keys_.end() && place_of(key->hash) == place; ++key)
    if (CRYPTO_memcmp(key->hash.data(), hash.data(), hash.size()) == 0) return &*key;
  return nullptr;
}

}  // namespace ubiety::keys
