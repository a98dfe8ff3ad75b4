#include "fleet/listening_clock.hpp"

#include <algorithm>

namespace ubiety {
namespace {

// A smaller difference is the drift of the machine's clock, which wall_time_of() may miss.
constexpr std::chrono::microseconds tolerance = std::chrono::seconds(1);

}  // namespace

ListeningClock::ListeningClock(SteadyTime steady_now, Timestamp wall_now, std::optional<Saved> saved)
    : steady_(steady_now), wall_(wall_now) {
  if (saved) {
    moment_ = {saved->listened, saved->listened};
    changes_.push_back({saved->listened, saved->wall});
  }
  note_wall(wall_now);
}

ListeningMoment ListeningClock::advance(SteadyTime steady_now, Timestamp wall_now) {
  const auto step = std::max(steady_now - steady_, SteadyTime::duration{});
  if (is_paused_ || step > longest_step) {
    moment_.interrupted = moment_.now;
  } else {
    fraction_ += step;
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(fraction_);
    fraction_ -= whole;
    moment_.now += whole;
  }
  steady_ = std::max(steady_, steady_now);
  note_wall(wall_now);
  return moment_;
}

void ListeningClock::pause(SteadyTime steady_now, Timestamp wall_now) {
  advance(steady_now, wall_now);
  is_paused_ = true;
}

void ListeningClock::resume(SteadyTime steady_now, Timestamp wall_now) {
  advance(steady_now, wall_now);
  is_paused_ = false;
}

// Begins a new change if the last one no longer yields the time of day.
void ListeningClock::note_wall(Timestamp wall_now) {
  wall_ = wall_now;
  if (!changes_.empty()) {
    auto& last = changes_.back();
    const auto error = wall_now - (last.wall + (moment_.now - last.moment));
    if (error <= tolerance && error >= -tolerance) return;
    if (last.moment == moment_.now && changes_.size() > 1) {  // the clock stands still
      last.wall = wall_now;
      return;
    }
  }
  changes_.push_back({moment_.now, wall_now});
  if (changes_.size() > remembered_changes) changes_.pop_front();
}

Timestamp ListeningClock::wall_time_of(ListeningTime moment) const {
  // The last change before the moment. At the very moment of a change, what was heard was heard before it.
  auto change =
      std::partition_point(changes_.begin(), changes_.end(), [&](const Change& one) { return one.moment < moment; });
  if (change != changes_.begin()) --change;
  return change->wall + (moment - change->moment);
}

}  // namespace ubiety
