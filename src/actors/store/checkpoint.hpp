// The checkpoint, written behind the ingest: only devices that changed, in the parts in which the shards give them, so
// that no writer waits long and a large fleet's statuses are never in memory twice. It also keeps the watermark: the
// floor of the ReceiptOrder is never before the stored one. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "actors/messages.hpp"
#include "actors/receipt_order.hpp"
#include "actors/store/store_connection.hpp"
#include "storage/spool.hpp"

namespace ubiety {

class Checkpoint {
 public:
  static constexpr std::size_t statuses_per_part = 2000;  // a transaction

  // `spool`: nullptr where there is none. Both outlive the checkpoint.
  Checkpoint(ReceiptOrder& receipts, Spool* spool) : receipts_(receipts), spool_(spool) {}

  // The spool is not to be used.
  void leave_spool() { spool_ = nullptr; }

  // -- a start --

  // Times of receipt go on after what the spool has, while the store is away.
  void go_on_after_spool(const Recovered& recovered) {
    receipts_.begin(recovered.newest_received, recovered.watermark, false);
  }

  // The same after what the store has. A watermark that lies ahead of the clock is lowered first. `takes_updates`:
  // updates were given times of receipt already.
  StoreResult<Done> go_on_after_store(const Recovered& recovered, Timestamp now, bool takes_updates,
                                      StoreConnection& connection);

  // -- a round --

  // Begins: with what the last failure left unwritten. To come before any shard is asked.
  StoreResult<Done> begin(StoreConnection& connection);

  // For the question to the shards: whatever was received before this is with them.
  Timestamp handed_over() const { return round_.handed_over + std::chrono::microseconds(1); }

  // Writes a part of what a shard gives. After a failure only begin() may follow.
  StoreResult<Done> write(const ShardChanges& changes, StoreConnection& connection);

  // All shards have given all: moves the watermark to the earliest of theirs, or to `latest` if that is earlier. Fails
  // when the times of receipt stepped back meanwhile.
  StoreResult<Done> finish(Timestamp latest, StoreConnection& connection);

  // -- between rounds --

  // Lowers the watermark, so that times of receipt can step back to then. It is not before the stored one.
  StoreResult<Done> lower_watermark(Timestamp to, StoreConnection& connection);

 private:
  StoreResult<Done> write_part(StoreConnection& connection);
  StoreResult<Done> set_watermark(Timestamp watermark, StoreConnection& connection);
  StoreResult<Done> set_floor_of_spool(Timestamp floor);

  ReceiptOrder& receipts_;
  Spool* spool_;
  std::vector<StatusUpdate> unwritten_;
  Timestamp watermark_ = latest_timestamp;
  ReceiptOrder::Round round_{};
};

}  // namespace ubiety
