// The fleet's keeper: once a second it runs the listening clock, asks the shards who fell silent, and decides with
// GroupSilence which devices are problems of their own and which groups are out. It has its own thread.
#pragma once

#include <caf/fwd.hpp>

#include <vector>

#include "actors/messages.hpp"
#include "actors/service_state.hpp"
#include "domain/clock.hpp"

namespace ubiety {

// `state` and `clock` outlive the actor.
caf::actor spawn_fleet_keeper(caf::actor_system& system, ServiceState& state, const Clock& clock,
                              std::vector<ShardActor> shards);

}  // namespace ubiety
