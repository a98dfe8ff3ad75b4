// The reader: history from the store, on a thread of its own.
#pragma once

#include <caf/actor_system.hpp>

#include <functional>

#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "storage/store.hpp"

namespace ubiety {

// Tells the device's shard.
using TellHistory = std::function<void(HistoryRead read)>;

// A blocking actor on a thread of its own. It ends with an exit message.
ReaderActor spawn_reader(caf::actor_system& system, Store& store, ServiceState& state, TellHistory tell_history);

}  // namespace ubiety
