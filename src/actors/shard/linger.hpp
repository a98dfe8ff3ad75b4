// How long a shard's next batch waits for company. A commit costs the database and this process some 200 us whatever is
// in it: when updates trickle in all the time, commits that follow each other at once take most of both processors, and
// everybody waits for those. PostgreSQL's commit_delay is the same idea.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "domain/clock.hpp"

namespace ubiety {

// One thread at a time.
class Linger {
 public:
  // Batches follow each other after `interval` at the earliest; 0 for at once.
  explicit Linger(std::chrono::microseconds interval) : interval_(interval) {}

  void handed_over(SteadyTime now) { last_ = now; }

  // Whether clients are connected that wait for no answer, so that more may come. Clients that all wait for theirs send
  // nothing however long a batch lingers.
  void set_more_expected(bool expected) { more_expected_ = expected; }

  // How long the next batch should wait, 0 or more. `waiting`: updates that would be in it; `answered`: those of the
  // batch before.
  std::chrono::microseconds time_left(SteadyTime now, std::size_t waiting, std::size_t answered) const {
    using std::chrono::microseconds;
    if (!more_expected_ || waiting + answered < company || is_worth_a_commit(waiting)) return microseconds(0);
    return std::max(microseconds(0), std::chrono::duration_cast<microseconds>(last_ + interval_ - now));
  }

  // Whether so many updates make the price of a commit small beside their own.
  static bool is_worth_a_commit(std::size_t waiting) { return waiting >= enough; }
  // How many are missing to that, 1 at least.
  static std::size_t missing_to_a_commit(std::size_t waiting) { return waiting < enough ? enough - waiting : 1; }

 private:
  static constexpr std::size_t company = 3;  // fewer come one after the other, and each from a client that waits
  static constexpr std::size_t enough = 64;

  const std::chrono::microseconds interval_;
  SteadyTime last_{};
  bool more_expected_ = false;
};

}  // namespace ubiety
