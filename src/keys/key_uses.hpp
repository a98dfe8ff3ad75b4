// When which key was last used, to be written behind. The keeper's thread; the uses themselves are noted by another.
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
  // The same for the same key, on whichever ring.
  std::shared_ptr<KeyUse> of(KeyId id);

  // Those since `written` was last told of; the times are of the day, as far as both clocks agree now.
  std::vector<KeyUsed> unwritten(SteadyTime steady_now, Timestamp now) const;
  // Their times of use as of `steady_now` are in the store.
  void written(std::span<const KeyUsed> uses, SteadyTime steady_now);

 private:
  struct Entry {
    std::shared_ptr<KeyUse> use = std::make_shared<KeyUse>();
    SteadyTime written{};
  };
  std::map<KeyId, Entry> entries_;
};

// The ring of all keys that are not revoked. They note their use in `uses`. Keys that have expired are among them: a
// clock that runs ahead for a moment must not cost a key its place.
std::shared_ptr<const KeyRing> ring_of(const std::vector<ApiKey>& keys, KeyUses& uses);

}  // namespace ubiety::keys
