// The keys that requests are checked against: their ring, and when each was last used. The keeper publishes a new ring
// to the thread that checks requests. Any thread, except where stated.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "domain/api_key.hpp"
#include "domain/clock.hpp"
#include "domain/thread_safety.hpp"
#include "storage/key_store.hpp"

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
  std::string name{};
};

// The keys by their hashes. A ring never changes, except for the times of use: a change of the keys makes a new ring.
class KeyRing {
 public:
  explicit KeyRing(std::vector<RingKey> keys);

  // Returns nullptr if the key is not on the ring. The caller checks the expiry, because the ring has no clock.
  const RingKey* find(const KeyHash& hash) const;

  // Looks at all keys. Empty if the key is not on the ring. Valid as long as the ring.
  std::string_view name_of(KeyId id) const;

  std::size_t size() const { return keys_.size(); }

 private:
  std::vector<RingKey> keys_;  // sorted by hash
};

// Collects when each key was last used, to be written behind. The keeper's thread.
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

// Passes the newest ring to the thread that checks requests.
class PublishedKeys {
 public:
  // The keeper's thread.
  void publish(std::shared_ptr<const KeyRing> ring) {
    const MutexLock lock(mutex_);
    newest_ = std::move(ring);
    version_.fetch_add(1, std::memory_order_release);
  }

  // The reader's thread, always the same one. Never blocks: one atomic load while nothing changes, and the previous
  // ring while a new one is being published. nullptr before the first ring. Valid until the next call.
  const KeyRing* current() {
    if (version_.load(std::memory_order_acquire) != seen_) take_newest();
    return current_.get();
  }

 private:
  void take_newest() {
    if (!mutex_.try_lock()) return;
    const MutexLock lock(mutex_, std::adopt_lock);
    current_ = newest_;
    seen_ = version_.load(std::memory_order_relaxed);
  }

  std::atomic<std::uint64_t> version_{0};
  Mutex mutex_;
  std::shared_ptr<const KeyRing> newest_ GUARDED_BY(mutex_);

  // The reader's.
  std::uint64_t seen_ = 0;
  std::shared_ptr<const KeyRing> current_;
};

}  // namespace ubiety::keys
