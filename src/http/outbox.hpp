// Brings outcomes from the actors' threads to the event loop. Outcomes that gather wake the loop once. reply_to: the
// loop's thread; the replies: any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "actors/requests.hpp"
#include "domain/thread_safety.hpp"

namespace ubiety::http {

// The thread that runs the server, as the parts that run on it see it.
class EventLoop {
 public:
  virtual ~EventLoop() = default;

  // Runs `task` on the loop's thread, after the tasks that are ready now, and then calls Engine::end_turn. Any thread.
  virtual void post(std::function<void()> task) = 0;

  // Runs `task` on the loop's thread after each interval. Call it before the loop starts.
  virtual void every(std::chrono::milliseconds interval, std::function<void()> task) = 0;
};

template <class Outcome>
class Outbox {
 public:
  // Calls `deliver` on the loop's thread.
  Outbox(EventLoop& loop, std::function<void(std::uint64_t ticket, Outcome&& outcome)> deliver)
      : loop_(loop), deliver_(std::move(deliver)) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // The reply with which an actor answers `ticket`, on any thread. The outbox outlives it.
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
    if (first) loop_.post([this] { deliver_some(); });
  }

  // A task delivers a few outcomes, so that the loop reads new requests in between: they reach the next commit while
  // the clients of the last one are still being answered.
  void deliver_some() {
    for (int delivered = 0; delivered < outcomes_at_a_time; ++delivered) {
      if (next_ == delivering_.size() && !fetch()) return;
      auto& [ticket, waiting] = delivering_[next_++];
      // Destroyed right after its delivery, not when the next outcomes arrive: a parcel holds a credit.
      auto outcome = std::move(waiting);
      deliver_(ticket, std::move(outcome));
    }
    loop_.post([this] { deliver_some(); });
  }

  // Returns false if no outcome waits.
  bool fetch() {
    delivering_.clear();
    next_ = 0;
    const MutexLock lock(mutex_);
    waiting_.swap(delivering_);
    return !delivering_.empty();
  }

  static constexpr int outcomes_at_a_time = 16;

  EventLoop& loop_;
  const std::function<void(std::uint64_t, Outcome&&)> deliver_;

  Mutex mutex_;
  Outcomes waiting_ GUARDED_BY(mutex_);

  // The loop's thread.
  Outcomes delivering_;
  std::size_t next_ = 0;  // of them
};

}  // namespace ubiety::http
