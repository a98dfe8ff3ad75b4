// Shares the connections that a database grants: when it grants no more, a holder that needs one closes an idle one of
// another holder. That holder connects again when it needs to. Any thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <vector>

#include "domain/thread_safety.hpp"

namespace ubiety {

class SharedConnections {
 public:
  using Time = std::chrono::steady_clock::time_point;

  class Holder {
   public:
    virtual ~Holder() = default;
    // Closes the connection unless it is in use. Returns whether it closed one.
    virtual bool close_if_idle() = 0;
  };

  // A holder takes part between these two calls.
  void add(Holder& holder) {
    const MutexLock lock(mutex_);
    holders_.push_back(&holder);
  }
  void remove(Holder& holder) {
    const MutexLock lock(mutex_);
    std::erase(holders_, &holder);
  }

  // Closes one idle connection of another holder, in rotation. Returns false if there is none.
  bool close_an_idle_one(const Holder& wants) {
    const MutexLock lock(mutex_);
    for (std::size_t i = 0; i < holders_.size(); ++i) {
      auto* holder = holders_[next_++ % holders_.size()];
      if (holder != &wants && holder->close_if_idle()) return true;
    }
    return false;
  }

  // When the database last refused a connection because there were too many; the clock's zero if it never did.
  void note_refusal(Time now) { refused_.store(now.time_since_epoch().count(), std::memory_order_relaxed); }
  Time last_refusal() const { return Time(Time::duration(refused_.load(std::memory_order_relaxed))); }

 private:
  Mutex mutex_;
  std::vector<Holder*> holders_ GUARDED_BY(mutex_);
  std::size_t next_ GUARDED_BY(mutex_) = 0;
  std::atomic<Time::rep> refused_{0};
};

}  // namespace ubiety
