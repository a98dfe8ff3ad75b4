// Loads the stored and spooled statuses of their devices into the shards. Blocks; the housekeeper's thread.
#pragma once

#include <functional>

#include "actors/messages.hpp"
#include "actors/store/store_connection.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"

namespace ubiety {

// Brings the schema up to date. Without `may_migrate` it fails unless the schema is up to date.
StoreResult<Done> prepare_schema(Store& store, bool may_migrate);

// Sends statuses to a shard.
using LoadShard = std::function<void(std::uint32_t shard, LoadStatuses statuses)>;

// Sends each shard the store's statuses of its devices.
StoreResult<Recovered> load_shards(StoreConnection& connection, std::uint32_t shards, const LoadShard& load_shard);

// Sends the shards the updates in the spool. Returns their newest time of receipt, or the spool's floor if that is
// later.
StoreResult<Recovered> load_shards_from_spool(Spool& spool, std::uint32_t shards, const LoadShard& load_shard);

}  // namespace ubiety
