// The housekeeper starts the service from its store (Startup). Then it watches the store, writes the checkpoint,
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
  // Called on the housekeeper's thread when the store cannot be used without an operator.
  std::function<void(const std::string& reason)> give_up;
  // Called on that thread when the store no longer has what was loaded, see StoreClaim.
  std::function<void(const std::string& reason)> start_over;
  // Called on that thread after a start or a checkpoint, which free much memory.
  std::function<void()> give_back_memory;
};

// A blocking actor on its own thread. An exit message makes it write a last checkpoint and end.
HousekeeperActor spawn_housekeeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                   HousekeeperOptions options);

}  // namespace ubiety
