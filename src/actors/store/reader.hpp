// The reader: reads histories from the store, on a thread of its own.
#pragma once

#include <caf/actor_system.hpp>

#include <functional>

#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "storage/store.hpp"

namespace ubiety {

// Sends the store's answer to the device's shard.
using TellShardHistory = std::function<void(KeepHistory read)>;

// A blocking actor on a thread of its own. It ends with an exit message.
ReaderActor spawn_reader(caf::actor_system& system, Store& store, ServiceState& state, TellShardHistory tell_shard);

}  // namespace ubiety
