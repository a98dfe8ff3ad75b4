// Recovery: what a start does before the service can serve. Blocking; the housekeeper's thread.
#pragma once

#include <functional>

#include "actors/messages.hpp"
#include "actors/store/store_connection.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"

namespace ubiety {

// Brings the schema up to date, or, without `may_migrate`, makes sure that it is.
StoreResult<Done> prepare_schema(Store& store, bool may_migrate);

// Takes statuses to a shard.
using LoadShard = std::function<void(std::uint32_t shard, LoadStatuses statuses)>;

// Tells each of the shards what the store has of its devices.
StoreResult<Recovered> load_shards(StoreConnection& connection, std::uint32_t shards, const LoadShard& load_shard);

// Sends the shards what waits in the spool. Gives the newest time of receipt among it, and not before the spool's
// floor.
StoreResult<Recovered> load_shards_from_spool(Spool& spool, std::uint32_t shards, const LoadShard& load_shard);

}  // namespace ubiety
