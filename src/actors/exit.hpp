// How the actors that work in a loop of their own learn that they are to end.
#pragma once

#include <caf/after.hpp>
#include <caf/blocking_actor.hpp>

#include <chrono>

namespace ubiety {

// Waits for so long, or until an exit message comes: true then. The actor's own thread.
inline bool told_to_exit_within(caf::blocking_actor* self, std::chrono::milliseconds span) {
  bool exit = false;
  self->receive([&](const caf::exit_msg&) { exit = true; }, caf::after(span) >> [] {});
  return exit;
}

}  // namespace ubiety
