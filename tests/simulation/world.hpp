// What outlives a process: the disk, the time, those who send and read, and the dice.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "domain/clock.hpp"
#include "simulation/checker.hpp"
#include "simulation/plant.hpp"
#include "simulation/random.hpp"

namespace ubiety::simulation {

// What an update weighs at the admission.
inline constexpr std::int64_t bytes_of_update = 100;

class SetClock final : public Clock {
 public:
  Timestamp now() const override { return time; }

  Timestamp time{1'764'000'000'000'000};
};

struct World {
  World(std::uint64_t seed, Plant planted, bool is_traced) : random(seed), plant(planted), traced(is_traced) {}
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // One line of what happens.
  template <class Tell>
  void note(Tell tell) {
    if (traced) trace.push_back(tell());
  }

  // A call on a disk begins: the other threads do not wait for it, and now and then it takes long.
  void let_others_go_on() {
    for (auto more = random.below(random.one_in(5) ? 30 : 3); more > 0; --more) one_event_of_others();
  }

  Random random;
  const Plant plant;
  const bool traced;
  std::vector<std::string> trace;
  SetClock clock;
  SteadyTime steady_now{};
  Durable durable;
  Checker checker{durable};
  std::function<void()> one_event_of_others = [] {};
  bool crash_is_due = false;  // the process dies in the middle of what it does: whoever drives it has to see to that
};

}  // namespace ubiety::simulation
