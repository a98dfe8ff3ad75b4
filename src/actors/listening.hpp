// The listening clock that all actors share, see ListeningClock. The fleet's keeper runs it, shards read it for each
// batch, and the housekeeper continues it from the store and saves it. Any thread.
#pragma once

#include <chrono>
#include <optional>

#include "domain/clock.hpp"
#include "domain/thread_safety.hpp"
#include "domain/timestamp.hpp"
#include "fleet/listening_clock.hpp"

namespace ubiety {

class Listening {
 public:
  // The keeper calls it once a second. `listens`: whether the service takes reports from here on.
  ListeningMoment tick(SteadyTime steady_now, Timestamp wall_now, bool listens);

  // The moment of a report that is accepted now.
  ListeningMoment moment_at(SteadyTime steady_now);

  // Continues what the store has; nullopt in a new store. A service that takes updates already, into its spool, has
  // begun before: then shift() says by how much its times are later than those of the store.
  void continue_from(const std::optional<ListeningClock::Saved>& saved, SteadyTime steady_now, Timestamp wall_now);
  std::chrono::milliseconds shift() const;

  ListeningClock::Saved saved() const;
  // Until when the process before listened, by the machine's clock; in a new store, when the clock began.
  Timestamp continued_from() const;

  // Returns what the clock showed at this time of day, as far as the saved state tells: for reports that a start finds.
  ListeningTime time_of(Timestamp received) const;
  // See ListeningClock::wall_time_of.
  Timestamp wall_time_of(ListeningTime moment) const;

 private:
  // A clock that was never saved begins at this age, so that devices may have been heard before it began.
  static ListeningTime first_time(Timestamp wall_now);

  ListeningClock& begun(SteadyTime steady_now, Timestamp wall_now) REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::optional<ListeningClock> clock_ GUARDED_BY(mutex_);
  ListeningClock::Saved continued_ GUARDED_BY(mutex_){};  // in the clock's times
  std::chrono::milliseconds shift_ GUARDED_BY(mutex_){0};
  SteadyTime steady_ GUARDED_BY(mutex_){};  // of the last tick
  Timestamp wall_ GUARDED_BY(mutex_){};
};

}  // namespace ubiety
