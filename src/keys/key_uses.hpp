// Collects when each key was last used, to be written behind. The keeper's thread.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "keys/key_ring.hpp"
#include "storage/key_store.hpp"

namespace ubiety::keys {

class KeyUses {
 public:
  // Returns the same object for the same key, for all rings.
  std::shared_ptr<KeyUse> of(KeyId id);

  // The uses since the last call of written(), as times of day. They are computed from both clocks as they are now.
  std::vector<KeyUsed> unwritten(SteadyTime steady_now, Timestamp now) const;
  // Call it once the store has the uses up to `steady_now`.
  void written(std::span<const KeyUsed> uses, SteadyTime steady_now);

 private:
  struct Entry {
    std::shared_ptr<KeyUse> use = std::make_shared<KeyUse>();
    SteadyTime written{};
  };
  std::map<KeyId, Entry> entries_;
};

// Builds the ring of all keys that are not revoked. Their use is noted in `uses`. Expired keys are included, because a
// clock that runs ahead for a moment must not remove a key.
std::shared_ptr<const KeyRing> ring_of(const std::vector<ApiKey>& keys, KeyUses& uses);

}  // namespace ubiety::keys
