#include "actors/listening.hpp"

#include <algorithm>

namespace ubiety {
namespace {

using std::chrono::milliseconds;

constexpr Timestamp beginning{1'577'836'800'000'000};  // 2020-01-01T00:00:00Z: ListeningTime lasts for 34 years

milliseconds between(Timestamp earlier, Timestamp later) { return std::chrono::floor<milliseconds>(later - earlier); }

}  // namespace

ListeningTime Listening::first_time(Timestamp wall_now) {
  return ListeningTime(std::max(between(beginning, wall_now), milliseconds(0)));
}

ListeningClock& Listening::begun(SteadyTime steady_now, Timestamp wall_now) {
  if (!clock_) {
    continued_ = {first_time(wall_now), wall_now};
    clock_.emplace(steady_now, wall_now, continued_);
    steady_ = steady_now;
    wall_ = wall_now;
  }
  return *clock_;
}

ListeningMoment Listening::tick(SteadyTime steady_now, Timestamp wall_now, bool listens) {
  const MutexLock lock(mutex_);
  auto& clock = begun(steady_now, wall_now);
  steady_ = steady_now;
  wall_ = wall_now;
  if (listens == clock.is_paused()) listens ? clock.resume(steady_now, wall_now) : clock.pause(steady_now, wall_now);
  return clock.advance(steady_now, wall_now);
}

ListeningMoment Listening::moment_at(SteadyTime steady_now) {
  const MutexLock lock(mutex_);
  if (!clock_) return {};
  const auto since_tick = std::chrono::floor<std::chrono::microseconds>(steady_now - steady_);
  return clock_->advance(steady_now, wall_ + std::max(since_tick, std::chrono::microseconds(0)));
}

void Listening::continue_from(const std::optional<ListeningClock::Saved>& saved, SteadyTime steady_now,
                              Timestamp wall_now) {
  const MutexLock lock(mutex_);
  if (clock_) {
    if (saved) {
      shift_ = continued_.listened - saved->listened;
      continued_ = {continued_.listened, saved->wall};
    }
    return;
  }
  begun(steady_now, wall_now);
  if (!saved) return;
  continued_ = *saved;
  clock_.emplace(steady_now, wall_now, saved);
}

milliseconds Listening::shift() const {
  const MutexLock lock(mutex_);
  return shift_;
}

ListeningClock::Saved Listening::saved() const {
  const MutexLock lock(mutex_);
  return clock_ ? clock_->saved() : ListeningClock::Saved{};
}

Timestamp Listening::continued_from() const {
  const MutexLock lock(mutex_);
  return continued_.wall;
}

// The service listened until the state was saved, and was down between that and this start. Earlier interruptions are
// not known: they make the time too early by as much.
ListeningTime Listening::time_of(Timestamp received) const {
  const MutexLock lock(mutex_);
  const auto time = continued_.listened - std::max(between(received, continued_.wall), milliseconds(0));
  return std::max(time, ListeningTime{});
}

Timestamp Listening::wall_time_of(ListeningTime moment) const {
  const MutexLock lock(mutex_);
  return clock_ ? clock_->wall_time_of(moment) : Timestamp{};
}

}  // namespace ubiety
