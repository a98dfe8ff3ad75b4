#include "keys/key_uses.hpp"

namespace ubiety::keys {

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
                      .use = uses.of(key.id)});
  return std::make_shared<const KeyRing>(std::move(ring));
}

}  // namespace ubiety::keys
