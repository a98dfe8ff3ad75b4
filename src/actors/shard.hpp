// The shard: owner of the latest status of its devices. Shard is the logic, which tests use without an actor; `shard`
// is the actor.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "actors/device_table.hpp"
#include "actors/interfaces.hpp"

namespace ubiety {

// One thread at a time.
class Shard {
 public:
  // `hand_over` takes a batch to the writer, which gives it back by batch_done. `steady_now` tells which deadlines
  // passed.
  Shard(std::uint32_t number, NewerThan newer_than, DeviceRenderer render,
        std::function<void(std::shared_ptr<Batch>)> hand_over, std::function<SteadyTime()> steady_now);

  void submit(std::vector<Submission>& submissions);
  void batch_done(Batch& batch, bool committed);
  void read_latest(const std::vector<LatestQuery>& queries) const;
  SummaryPart summary() { return table_.summary(); }
  bool knows(std::string_view device_id) const { return table_.find(device_id) != nullptr; }
  void load(const std::vector<StatusUpdate>& statuses, Origin origin);
  ShardChanges collect_changes(Timestamp handed_over);

 private:
  void hand_over_open_batch();
  void drop_expired();
  // Sorts the batch by the key and divides it into the store's lanes, exact repetitions left out.
  void arrange(Batch& batch) const;

  const std::uint32_t number_;
  const std::function<void(std::shared_ptr<Batch>)> hand_over_;
  const std::function<SteadyTime()> steady_now_;
  DeviceTable table_;
  std::vector<Submission> open_;  // waits for the batch that is on its way
  bool batch_on_its_way_ = false;
  Timestamp oldest_on_its_way_{};
  Timestamp oldest_unknown_ = latest_timestamp;  // of batches of which nobody knows whether they are durable
};

struct ShardOptions {
  std::uint32_t number;
  std::chrono::microseconds max_clock_skew;
  DeviceRenderer render;
  WriterActor writer;
  std::vector<ReaderActor> readers;  // at least one
};

ShardActor::behavior_type shard(ShardActor::pointer self, ShardOptions options);

}  // namespace ubiety
