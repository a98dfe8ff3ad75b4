// The keys that may let somebody in, by their hashes: what requests are checked against. It does not change, but for
// the times of use; a change of the keys makes another ring. Any thread.
#pragma once

#include <atomic>
#include <limits>
#include <memory>
#include <vector>

#include "domain/api_key.hpp"
#include "domain/clock.hpp"

namespace ubiety::keys {

// When a key was last used: noted by who checks requests, read by who writes it behind. It outlives its rings.
class KeyUse {
 public:
  void note(SteadyTime now) { last_.store(now.time_since_epoch().count(), std::memory_order_relaxed); }
  // The clock's zero: never.
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

  // nullptr when it is on the ring no more, or never was. Expiry is for the caller to see to: the ring has no clock.
  const RingKey* find(const KeyHash& hash) const;

  std::size_t size() const { return keys_.size(); }

 private:
  std::vector<RingKey> keys_;  // in the order of their hashes
};

}  // namespace ubiety::keys
