// The shard: owner of the latest status of its devices. Shard is the logic, which tests use without an actor; `shard`
// is the actor.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "actors/shard/device_table.hpp"
#include "actors/shard/history_counts.hpp"
#include "actors/shard/latest_view.hpp"
#include "actors/shard/linger.hpp"

namespace ubiety {

// For how long a shard's batches linger at most, and what has Shard::end_linger called then.
struct LingerOptions {
  std::chrono::microseconds limit{0};
  std::function<void(std::chrono::microseconds delay)> call_after{};
};

// One thread at a time.
class Shard {
 public:
  // `hand_over` takes a batch to the writer, which gives it back by batch_done. `steady_now` tells which deadlines
  // passed.
  Shard(std::uint32_t number, NewerThan newer_than, SummaryEncoder encoder,
        std::function<void(std::shared_ptr<Batch>)> hand_over, std::function<SteadyTime()> steady_now,
        LingerOptions linger_options = {});

  // `more_expected`: see SubmitUpdates.
  void submit(std::vector<Submission>& submissions, bool more_expected = false);
  void submit(std::shared_ptr<UpdateGroup> group);
  void batch_done(Batch& batch, bool committed);
  void end_linger();
  void read_latest(const std::vector<LatestQuery>& queries) const;
  SummaryPart summary(bool deflated);
  SummaryPage summary_page(const SummaryQuery& query) const;
  // Scans the next slice; true when that was the last.
  bool count_fleet(CountFleet& count) const;
  const DeviceTable& table() const { return table_; }
  bool knows(std::string_view device_id) const { return table_.find(device_id) != nullptr; }
  // Adds to a query what is known of its answer.
  void prepare(ReadHistory& message);
  void history_counted(const HistoryCounted& counted);
  void history_expired() { counts_.forget(); }
  void load(const std::vector<StatusUpdate>& statuses, Origin origin);
  ShardChanges collect_changes(const CollectChanges& request);
  // When the oldest update was received that waits for its commit; latest_timestamp when none does.
  Timestamp oldest_waiting() const;

  // A shard of the same number for when this one failed, wherever: it knows of the batch that is on its way, and of no
  // device. What waited in the open batch is answered "unavailable".
  std::unique_ptr<Shard> successor();

  std::uint32_t number() const { return number_; }

 private:
  void hand_over_or_linger(std::size_t answered);
  void hand_over_open_batch();
  void drop_expired(SteadyTime now);
  void apply(Batch& batch);
  void apply(UpdateGroup& group);
  // Sorts the batch by the key and divides it into the store's lanes, exact repetitions left out.
  void arrange(Batch& batch) const;

  const std::uint32_t number_;
  const NewerThan newer_than_;
  const SummaryEncoder encoder_;
  const std::function<void(std::shared_ptr<Batch>)> hand_over_;
  const std::function<SteadyTime()> steady_now_;
  const LingerOptions linger_options_;
  DeviceTable table_;
  HistoryCounts counts_;
  std::vector<Submission> open_;                           // waits for the batch that is on its way
  std::vector<std::shared_ptr<UpdateGroup>> open_groups_;  // the same
  bool batch_on_its_way_ = false;
  Linger linger_;
  bool lingers_ = false;  // no batch is on its way, and what waits goes with end_linger at the latest
  Timestamp oldest_on_its_way_{};
  Timestamp oldest_unknown_ = latest_timestamp;  // of batches of which nobody knows whether they are durable
};

struct ShardOptions {
  std::uint32_t number;
  std::chrono::microseconds max_clock_skew;
  std::chrono::microseconds commit_linger;
  SummaryEncoder encoder;
  WriterActor writer;
  std::vector<ReaderActor> readers;  // at least one
  ServiceState* state;
  LatestView* view;  // of this shard
  std::function<void(RecoverShard)> ask_for_recovery;
};

ShardActor::behavior_type shard(ShardActor::pointer self, ShardOptions options);

}  // namespace ubiety
