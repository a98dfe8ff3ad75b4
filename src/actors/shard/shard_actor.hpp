// Runs a Shard as an actor. The protocol is ShardActor, in actors/interfaces.hpp.
#pragma once

#include <functional>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "actors/shard/port.hpp"
#include "actors/shard/shard.hpp"

namespace ubiety {

struct ShardActorOptions {
  ShardOptions shard;
  WriterActor writer;
  std::vector<ReaderActor> readers;  // at least one
  ServiceState* state;
  ShardPort* port;  // of this shard
  std::function<void(RecoverShard)> ask_for_recovery;
};

ShardActor::behavior_type shard_actor(ShardActor::pointer self, ShardActorOptions options);

}  // namespace ubiety
