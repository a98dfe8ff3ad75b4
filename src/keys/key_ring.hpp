// The keys that requests are checked against, by their hashes. A ring never changes, except for the times of use: a
// change of the keys makes a new ring. Any thread.
#pragma once

#include <atomic>
#include <limits>
#include <memory>
#include <vector>

#include "domain/api_key.hpp"
#include "domain/clock.hpp"

namespace ubiety::keys {

// When a key was last used. The thread that checks requests notes it; the keeper reads it and writes it behind. All
// rings share it.
class KeyUse {
 public:
  void note(SteadyTime now) { last_.store(now.time_since_epoch().count(), std::memory_order_relaxed); }
  // The zero of the clock if the key was never used.
  SteadyTime last() const { return SteadyTime(SteadyTime::duration(last_.load(std::memory_order_relaxed))); }

 private:
  std::atomic<SteadyTime::rep> last_{0};
};

struct RingKey {
  static constexpr Timestamp never{std::numeric_limits<std::int64_t>::max()};

  KeyHash hash;
  KeyId id;
  Scopes scopes;
  Timestamp expires = never;
  std::shared_ptr<KeyUse> use;
};

class KeyRing {
 public:
  explicit KeyRing(std::vector<RingKey> keys);

  // Returns nullptr if the key is not on the ring. The caller checks the expiry, because the ring has no clock.
  const RingKey* find(const KeyHash& hash) const;

  std::size_t size() const { return keys_.size(); }

 private:
  std::vector<RingKey> keys_;  // sorted by hash
};

}  // namespace ubiety::keys
