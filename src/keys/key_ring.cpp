#include "keys/key_ring.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "domain/text/big_endian.hpp"

namespace ubiety::keys {
namespace {

// The part that a key is looked for by. How long that takes may tell somebody these bits of a stored hash, in theory;
// they are of no use to him, for he cannot choose a text by its hash. What decides is compared in constant time.
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
