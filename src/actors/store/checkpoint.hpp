// The checkpoint, written behind the ingest: only devices that changed, in the parts in which the shards give them, so
// that no writer waits long and a large fleet's statuses are never there twice. One thread.
#pragma once

#include <cstddef>
#include <vector>

#include "actors/messages.hpp"
#include "actors/store/store_connection.hpp"

namespace ubiety {

class Checkpoint {
 public:
  static constexpr std::size_t statuses_per_part = 2000;  // a transaction

  // Begins anew: with what the last failure left unwritten.
  StoreResult<Done> begin(StoreConnection& connection);

  // Writes a part of what a shard gives. After a failure only begin() may follow.
  StoreResult<Done> write(const ShardChanges& changes, StoreConnection& connection);

  // All shards have given all: moves the watermark to the earliest of theirs.
  StoreResult<Done> finish(StoreConnection& connection);

 private:
  StoreResult<Done> write_part(StoreConnection& connection);

  std::vector<StatusUpdate> unwritten_;
  Timestamp watermark_ = latest_timestamp;
};

}  // namespace ubiety
