// Waits of the actors that have a thread of their own. CAF 0.17 measures the time limit of a receive by the machine's
// clock: one that is set back by 20 s prolongs the wait by 20 s. CAF's delayed messages go by the steady clock, so a
// delayed message to the actor itself ends the wait here.
#pragma once

#include <caf/blocking_actor.hpp>

#include <chrono>
#include <optional>
#include <utility>

#include "domain/clock.hpp"

namespace ubiety {

// What a SteadyReceive sends to its own actor.
struct WakeUp {
  SteadyTime due;
};

// The actor's own thread.
class SteadyReceive {
 public:
  explicit SteadyReceive(caf::blocking_actor* self) : self_(self) {}

  // Waits for one message and calls its handler. Returns without one after `span` at the latest, and now and then
  // earlier: the caller looks at the time by itself.
  template <class... Handlers>
  void receive_within(std::chrono::steady_clock::duration span, Handlers... handlers) {
    if (span <= std::chrono::steady_clock::duration::zero() && !self_->has_next_message()) return;
    wake_up_at(std::chrono::steady_clock::now() + span);
    self_->receive(
        [this](const WakeUp& message) {
          if (next_ == message.due) next_.reset();
        },
        std::move(handlers)...);
  }

  // Returns true as soon as an exit message comes, false after `span` at the latest.
  bool exit_within(std::chrono::steady_clock::duration span) {
    bool exit = false;
    receive_within(span, [&exit](const caf::exit_msg&) { exit = true; });
    return exit;
  }

 private:
  // A message that is on its way and early enough does.
  void wake_up_at(SteadyTime due) {
    if (next_ && *next_ <= due) return;
    next_ = due;
    self_->delayed_send(self_, due - std::chrono::steady_clock::now(), WakeUp{due});
  }

  caf::blocking_actor* const self_;
  std::optional<SteadyTime> next_;  // when the message is due that ends a wait
};

}  // namespace ubiety

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::WakeUp)
