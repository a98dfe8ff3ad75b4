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

  // The checker tells updates by their times of receipt, so none may come twice: time passes by multiples of 10 ms, and
  // each jump and each crash adds a fraction of that.
  void shift_clock(std::chrono::microseconds by) {
    constexpr std::chrono::microseconds fraction{100};
    clock.time = clock.time + by + fraction;
  }
  void set_clock_ahead(std::chrono::microseconds by) {
    shift_clock(by);
    ahead += by;
  }
  void set_clock_right() { set_clock_ahead(-ahead); }

  Random random;
  const Plant plant;
  const bool traced;
  std::vector<std::string> trace;
  SetClock clock;
  std::chrono::microseconds ahead{0};  // of the right time is the clock
  SteadyTime steady_now{};
  Durable durable;
  Checker checker{durable};
  std::function<void()> one_event_of_others = [] {};
  bool crash_is_due = false;  // the process dies in the middle of what it does: whoever drives it has to see to that
};

}  // namespace ubiety::simulation
