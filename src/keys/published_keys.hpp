// Passes the newest key ring from the keeper to the thread that checks requests.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "domain/thread_safety.hpp"
#include "keys/key_ring.hpp"

namespace ubiety::keys {

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
