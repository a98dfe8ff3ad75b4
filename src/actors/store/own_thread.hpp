// The parts of actors with their own thread: a loop that restarts when it fails, and waits that a change of the
// machine's clock does not prolong. CAF 0.17 times a receive by the wall clock: setting it back by 20 s prolongs the
// wait by 20 s. CAF times delayed messages by the steady clock, so a delayed message to the actor itself ends a wait
// here.
#pragma once

#include <caf/blocking_actor.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "actors/service_state.hpp"
#include "domain/clock.hpp"
#include "telemetry/log.hpp"

namespace ubiety {

// Runs `loop` until it returns, and again whenever it throws. State that must survive a failure belongs outside of it.
template <class Loop>
void run_supervised(std::string_view name, ServiceState& state, Loop loop) {
  for (;;) {
    try {
      return loop();
    } catch (const std::exception& error) {
      const auto restarts = ++state.metrics.restarts;
      log::error("an actor failed and is restarted",
                 {{"actor", name}, {"reason", error.what()}, {"restarts", restarts}});
    }
    // A lack of memory, for example, rarely ends at once.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

// What an Inbox sends to its own actor.
struct WakeUp {
  SteadyTime due;
};

// The actor's own thread.
class Inbox {
 public:
  explicit Inbox(caf::blocking_actor* self) : self_(self) {}

  // Waits for one message and calls its handler. Returns after `span` at the latest, sometimes earlier without a
  // message. Returns true once the actor received an exit message.
  template <class... Handlers>
  bool exits_within(std::chrono::steady_clock::duration span, Handlers... handlers) {
    if (span <= std::chrono::steady_clock::duration::zero() && !self_->has_next_message()) return exits_;
    wake_up_at(std::chrono::steady_clock::now() + span);
    self_->receive(
        [this](const WakeUp& message) {
          if (next_ == message.due) next_.reset();
        },
        [this](const caf::exit_msg&) { exits_ = true; }, std::move(handlers)...);
    return exits_;
  }

  bool exits() const { return exits_; }

 private:
  // One wake-up at a time: an earlier one suffices.
  void wake_up_at(SteadyTime due) {
    if (next_ && *next_ <= due) return;
    next_ = due;
    self_->delayed_send(self_, due - std::chrono::steady_clock::now(), WakeUp{due});
  }

  caf::blocking_actor* const self_;
  std::optional<SteadyTime> next_;  // when the next wake-up is due
  bool exits_ = false;
};

// A task that is due at intervals, for the first time after one interval or at once.
class Periodic {
 public:
  enum class Begins { later, at_once };
  explicit Periodic(std::chrono::steady_clock::duration interval, Begins begins = Begins::later)
      : interval_(interval),
        next_(begins == Begins::later ? std::chrono::steady_clock::now() + interval : SteadyTime{}) {}

  // Returns true once in each interval.
  bool is_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return false;
    next_ = now + interval_;
    return true;
  }
  // The next time is one whole interval from now.
  void restart() { next_ = std::chrono::steady_clock::now() + interval_; }
  SteadyTime next() const { return next_; }

 private:
  const std::chrono::steady_clock::duration interval_;
  SteadyTime next_;
};

}  // namespace ubiety

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::WakeUp)
