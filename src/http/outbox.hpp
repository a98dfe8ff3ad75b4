// Brings outcomes from the actors' threads to the event loop: all that have gathered meanwhile in one go, so that a
// batch of a thousand updates wakes the loop once.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "actors/reply.hpp"
#include "domain/thread_safety.hpp"
#include "http/event_loop.hpp"

namespace ubiety::http {

template <class Outcome>
class Outbox {
 public:
  // `deliver` is called on the loop's thread.
  Outbox(EventLoop& loop, std::function<void(std::uint64_t ticket, Outcome&& outcome)> deliver)
      : loop_(loop), deliver_(std::move(deliver)) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // What an actor calls to answer `ticket`, on any thread. The outbox outlives it.
  Reply<Outcome> reply_to(std::uint64_t ticket) {
    return {[](void* outbox, std::uint64_t to, Outcome&& outcome) {
              static_cast<Outbox*>(outbox)->put(to, std::move(outcome));
            },
            this, ticket};
  }

 private:
  using Outcomes = std::vector<std::pair<std::uint64_t, Outcome>>;

  void put(std::uint64_t ticket, Outcome&& outcome) {
    bool first = false;
    {
      const MutexLock lock(mutex_);
      first = waiting_.empty();
      waiting_.emplace_back(ticket, std::move(outcome));
    }
    if (first) loop_.post([this] { deliver_all(); });
  }

  void deliver_all() {
    delivering_.clear();  // here and not at the end, which an exception could pass by
    {
      const MutexLock lock(mutex_);
      waiting_.swap(delivering_);
    }
    for (auto& [ticket, outcome] : delivering_) deliver_(ticket, std::move(outcome));
  }

  EventLoop& loop_;
  const std::function<void(std::uint64_t, Outcome&&)> deliver_;

  Mutex mutex_;
  Outcomes waiting_ GUARDED_BY(mutex_);

  Outcomes delivering_;  // the loop's thread
};

}  // namespace ubiety::http
