// For actors that work in a loop on a thread of their own: a loop that throws is begun anew. What has to outlive that
// is kept outside of it.
#pragma once

#include <chrono>
#include <exception>
#include <string_view>
#include <thread>

#include "actors/service_state.hpp"
#include "telemetry/log.hpp"

namespace ubiety {

// Returns when `loop` does.
template <class Loop>
void run_supervised(std::string_view name, ServiceState& state, Loop loop) {
  for (;;) {
    try {
      return loop();
    } catch (const std::exception& error) {
      state.note_restart();
      log::error("an actor failed and is begun anew",
                 {{"actor", name}, {"reason", error.what()}, {"restarts", state.restarts()}});
    }
    // Whatever it lacked, memory perhaps, it would hardly have at once.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace ubiety
