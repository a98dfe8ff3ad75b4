// The clock of silence: it measures how long the service has listened, on the steady clock. It stands still while the
// service is down, stopped (SIGSTOP, a suspended machine) or answers 503, so no device falls silent by that. One thread
// owns it and publishes its moments.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

#include "domain/clock.hpp"
#include "domain/timestamp.hpp"
#include "fleet/listening_time.hpp"

namespace ubiety {

class ListeningClock {
 public:
  // How often advance() is called.
  static constexpr std::chrono::seconds tick{1};
  // A longer step between two calls means that the process was stopped: nothing of the step counts.
  static constexpr std::chrono::seconds longest_step{5};
  // How many interruptions and jumps of the machine's clock wall_time_of() knows.
  static constexpr std::size_t remembered_changes = 64;

  // What continues the clock after a restart. Save it in the transaction that saves last heard times, or after it.
  struct Saved {
    ListeningTime listened;
    Timestamp wall;  // the time of day then
  };

  // Continues from `saved`, without the time since then; nullopt at the first start of a store.
  ListeningClock(SteadyTime steady_now, Timestamp wall_now, std::optional<Saved> saved);

  // Counts the time since the last call, unless the clock was paused or the step was too long. Call it once a tick at
  // least; `steady_now` never goes back.
  ListeningMoment advance(SteadyTime steady_now, Timestamp wall_now);

  // The service stops listening: it answers reports with 503 from now on. Again while paused: no effect.
  void pause(SteadyTime steady_now, Timestamp wall_now);
  // It listens again. A gap over the pause teaches nothing.
  void resume(SteadyTime steady_now, Timestamp wall_now);
  bool is_paused() const { return is_paused_; }

  // As of the last call.
  ListeningMoment moment() const { return moment_; }
  Saved saved() const { return {moment_.now, wall_}; }

  // The time of day at a past moment, for people: what the machine's clock said then, to about a second. A moment
  // before the remembered changes is as if the oldest one had not been.
  Timestamp wall_time_of(ListeningTime moment) const;

 private:
  // From this moment on the time of day was `wall` plus the listening time since.
  struct Change {
    ListeningTime moment;
    Timestamp wall;
  };

  void note_wall(Timestamp wall_now);

  ListeningMoment moment_;
  SteadyTime steady_;
  Timestamp wall_;  // at `steady_`
  bool is_paused_ = false;
  std::chrono::nanoseconds fraction_{0};  // counted, but less than a millisecond
  std::deque<Change> changes_;            // never empty; the oldest first
};

}  // namespace ubiety
