// The reader reads histories from the store.
#pragma once

#include <caf/actor_system.hpp>

#include <functional>

#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "storage/store.hpp"

namespace ubiety {

// Sends the store's answer to the device's shard, which caches it.
using KeepInShard = std::function<void(KeepHistory read)>;

// A blocking actor on its own thread. An exit message ends it.
ReaderActor spawn_reader(caf::actor_system& system, Store& store, ServiceState& state, KeepInShard keep_in_shard);

}  // namespace ubiety
