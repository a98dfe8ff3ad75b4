// The keeper of the API keys. Its protocol is KeyKeeperActor, in actors/interfaces.hpp.
#pragma once

#include <caf/actor_system.hpp>

#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "domain/clock.hpp"
#include "keys/key_ring.hpp"
#include "storage/store.hpp"

namespace ubiety {

// A blocking actor on its own thread. An exit message ends it. All arguments outlive it.
KeyKeeperActor spawn_key_keeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                keys::PublishedKeys& published);

}  // namespace ubiety
