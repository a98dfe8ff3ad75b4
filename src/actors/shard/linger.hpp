// How long a shard's next batch waits for company. A commit costs the database and this process some 200 us whatever is
// in it. When reports trickle in all the time, commits back to back would take most of both processors, and every
// client would wait for them. PostgreSQL's commit_delay is the same idea.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>

#include "actors/parcel.hpp"
#include "domain/clock.hpp"

namespace ubiety {

// One thread at a time.
class Linger {
 public:
  // Batches follow each other after `interval` at the earliest; 0 for at once. `clients_may_send`: whether clients are
  // connected that wait for no answer. When all wait for theirs, nothing comes however long a batch lingers.
  Linger(std::chrono::microseconds interval, const std::atomic<bool>& clients_may_send)
      : interval_(interval), clients_may_send_(clients_may_send) {}

  void note_sent(SteadyTime now) { last_ = now; }

  // How long the next batch should wait, 0 or more. `waiting`: what it is worth so far; `answered`: the reports of the
  // batch before.
  std::chrono::microseconds time_left(SteadyTime now, std::size_t waiting, std::size_t answered) const {
    using std::chrono::microseconds;
    if (!clients_may_send_.load(std::memory_order_relaxed)) return microseconds(0);
    if (waiting + answered < company || is_worth_a_commit(waiting)) return microseconds(0);
    return std::max(microseconds(0), std::chrono::duration_cast<microseconds>(last_ + interval_ - now));
  }

  // What a parcel is worth in reports. One with several updates is worth a commit of its own, and never lingers.
  static std::size_t worth_of(const Parcel& parcel) { return parcel.updates().size() == 1 ? 1 : enough; }

  // Whether the fixed cost of a commit is small against so many reports.
  static bool is_worth_a_commit(std::size_t reports) { return reports >= enough; }
  // How many more that takes, 1 at least.
  static std::size_t missing_to_a_commit(std::size_t reports) { return reports < enough ? enough - reports : 1; }

 private:
  static constexpr std::size_t company = 3;  // fewer come one after the other, each from a client that waits
  static constexpr std::size_t enough = 64;

  const std::chrono::microseconds interval_;
  const std::atomic<bool>& clients_may_send_;
  SteadyTime last_{};
};

}  // namespace ubiety
