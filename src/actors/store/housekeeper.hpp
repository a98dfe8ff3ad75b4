// The housekeeper: starts the service from its store (Startup), then watches the store, writes the checkpoint behind,
// reloads shards that failed, and has the store make partitions for the coming days.
#pragma once

#include <caf/actor_system.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "domain/clock.hpp"
#include "storage/store.hpp"

namespace ubiety {

struct HousekeeperOptions {
  bool may_migrate = true;
  std::chrono::seconds checkpoint_interval{30};
  std::chrono::days retention{0};  // of the history; 0 keeps it for ever
  std::vector<ShardActor> shards;
  // Called, from the housekeeper's thread, when the store can never be used as it is.
  std::function<void(const std::string& reason)> give_up;
  // Called likewise when what was loaded is no longer what the store has: see StoreClaim.
  std::function<void(const std::string& reason)> start_over;
  // Called likewise a moment after a start or a checkpoint, which need memory that nothing else does.
  std::function<void()> give_back_memory;
};

// A blocking actor on a thread of its own. An exit message makes it write a last checkpoint and end.
HousekeeperActor spawn_housekeeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                   HousekeeperOptions options);

}  // namespace ubiety
