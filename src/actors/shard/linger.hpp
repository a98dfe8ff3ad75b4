// How long a shard's next batch waits for more updates. A commit costs the database and this process some 200 us,
// however small. With a steady trickle of reports, commits back to back would keep two processors busy and every client
// waiting. PostgreSQL's commit_delay is the same idea.
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
  // A batch follows its predecessor after `interval` at the earliest; 0 disables lingering. `clients_may_send`: whether
  // connected clients wait for no answer. While all wait for one, no update arrives however long a batch lingers.
  Linger(std::chrono::microseconds interval, const std::atomic<bool>& clients_may_send)
      : interval_(interval), clients_may_send_(clients_may_send) {}

  void note_sent(SteadyTime now) { last_ = now; }

  // Returns how long the next batch should wait, 0 or more. `waiting`: what it is worth so far; `answered`: the reports
  // of the previous batch.
  std::chrono::microseconds time_left(SteadyTime now, std::size_t waiting, std::size_t answered) const {
    using std::chrono::microseconds;
    if (!clients_may_send_.load(std::memory_order_relaxed)) return microseconds(0);
    if (waiting + answered < company || is_worth_a_commit(waiting)) return microseconds(0);
    return std::max(microseconds(0), std::chrono::duration_cast<microseconds>(last_ + interval_ - now));
  }

  // Returns what a parcel is worth in reports. A parcel of several updates is worth a commit and never lingers.
  static std::size_t worth_of(const Parcel& parcel) { return parcel.updates().size() == 1 ? 1 : enough; }

  // Whether the fixed cost of a commit is small beside so many reports.
  static bool is_worth_a_commit(std::size_t reports) { return reports >= enough; }
  // How many more reports that takes, at least 1.
  static std::size_t missing_to_a_commit(std::size_t reports) { return reports < enough ? enough - reports : 1; }

 private:
  static constexpr std::size_t company = 3;  // fewer come one by one, each from a client that waits for its answer
  static constexpr std::size_t enough = 64;

  const std::chrono::microseconds interval_;
  const std::atomic<bool>& clients_may_send_;
  SteadyTime last_{};
};

}  // namespace ubiety
