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

// Sends what is stored to a shard.
using LoadShard = std::function<void(std::uint32_t shard, LoadStored stored)>;

struct Recovered {
  Timestamp newest_received{};  // of all statuses found
  log::Positions rows{};        // of the log
  std::uint64_t damaged = 0;    // rows that could not be read: they are set aside
};

// Sends each shard the latest statuses of its devices, then their updates in the log. "Rejected" if a latest status
// cannot be read.
StoreResult<Recovered> load_shards(StoreConnection& connection, std::uint32_t shards, const LoadShard& load_shard);

// Sends the shards how far these streams are merged, and the rows of the log that the shards then lack.
StoreResult<Recovered> load_lost_merges(StoreConnection& connection, const log::Positions& merged, std::uint32_t shards,
                                        const LoadShard& load_shard);

// Sends the shards the rows in the spool. `is_latest_known`: whether the shards have the store's latest statuses.
StoreResult<Recovered> load_shards_from_spool(Spool& spool, std::uint32_t shards, bool is_latest_known,
                                              const LoadShard& load_shard);

}  // namespace ubiety
