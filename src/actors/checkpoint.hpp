// The checkpoint, written behind the ingest: only devices that changed, in slices, so that a writer never waits long.
// One thread.
#pragma once

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/messages.hpp"
#include "actors/store_connection.hpp"

namespace ubiety {

class Checkpoint {
 public:
  // Takes what a shard gave. What is not written yet is replaced by what is later.
  void take(const ShardChanges& changes);

  // Writes what was taken from all shards since the last write, then the watermark, which is the earliest of theirs.
  // What a failure leaves unwritten is written the next time.
  StoreResult<Done> write(StoreConnection& connection);

 private:
  StoreResult<Done> write_statuses(StoreConnection& connection);

  std::unordered_map<DeviceId, Status> unwritten_;
  Timestamp watermark_ = latest_timestamp;
};

}  // namespace ubiety
