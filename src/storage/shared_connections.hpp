// Few connections for many: when the database grants no further one, a holder that needs a connection has an idle one
// of another holder closed, which opens its own again when it needs it. Any thread.
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
    // Closes the connection unless it is in use. Returns whether it did.
    virtual bool close_if_idle() = 0;
  };

  // A holder is there from one to the other.
  void add(Holder& holder) {
    const MutexLock lock(mutex_);
    holders_.push_back(&holder);
  }
  void remove(Holder& holder) {
    const MutexLock lock(mutex_);
    std::erase(holders_, &holder);
  }

  // Closes one idle connection of another holder, of each in turn. Returns false when there is none.
  bool close_an_idle_one(const Holder& wants) {
    const MutexLock lock(mutex_);
    for (std::size_t i = 0; i < holders_.size(); ++i) {
      auto* holder = holders_[next_++ % holders_.size()];
      if (holder != &wants && holder->close_if_idle()) return true;
    }
    return false;
  }

  // The database refused a connection since there are too many. Until it did so for the last time: the clock's zero
  // when it never did.
  void note_refusal(Time now) { refused_.store(now.time_since_epoch().count(), std::memory_order_relaxed); }
  Time last_refusal() const { return Time(Time::duration(refused_.load(std::memory_order_relaxed))); }

 private:
  Mutex mutex_;
  std::vector<Holder*> holders_ GUARDED_BY(mutex_);
  std::size_t next_ GUARDED_BY(mutex_) = 0;
  std::atomic<Time::rep> refused_{0};
};

}  // namespace ubiety
