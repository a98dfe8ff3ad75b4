#include "keys/key_ring.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "domain/text.hpp"

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

std::string_view KeyRing::name_of(KeyId id) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [id](const auto& key) { return key.id == id; });
  return found == keys_.end() ? std::string_view() : found->name;
}

std::shared_ptr<KeyUse> KeyUses::of(KeyId id) { return entries_[id].use; }

std::vector<KeyUsed> KeyUses::unwritten(SteadyTime steady_now, Timestamp now) const {
  std::vector<KeyUsed> used;
  for (const auto& [id, entry] : entries_) {
    const auto last = entry.use->last();
    if (last > entry.written)
      used.push_back({id, now - std::chrono::duration_cast<std::chrono::microseconds>(steady_now - last)});
  }
  return used;
}

void KeyUses::written(std::span<const KeyUsed> uses, SteadyTime steady_now) {
  for (const auto& [id, when] : uses) entries_[id].written = steady_now;
}

std::shared_ptr<const KeyRing> ring_of(const std::vector<ApiKey>& keys, KeyUses& uses) {
  std::vector<RingKey> ring;
  for (const auto& key : keys)
    if (key.is_active)
      ring.push_back({.hash = key.hash,
                      .id = key.id,
                      .scopes = key.scopes,
                      .expires = key.expires.value_or(RingKey::never),
                      .use = uses.of(key.id),
                      .name = key.name});
  return std::make_shared<const KeyRing>(std::move(ring));
}

}  // namespace ubiety::keys
