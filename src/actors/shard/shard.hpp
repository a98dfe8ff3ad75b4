// The shard: owner of the latest status of its devices. The logic, without an actor: that is in shard_actor.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/messages.hpp"
#include "actors/shard/device_scan.hpp"
#include "actors/shard/device_table.hpp"
#include "actors/shard/followed_histories.hpp"
#include "actors/shard/linger.hpp"
#include "actors/shard/submission_intake.hpp"

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
        LingerOptions linger_options = {}, std::size_t most_remembered_histories = 0);

  // `more_expected`: clients are connected that wait for no answer.
  void submit(std::vector<Submission>& submissions, bool more_expected = false);
  void submit(std::shared_ptr<UpdateGroup> group);
  void batch_done(Batch& batch, bool committed);
  void end_linger();
  // How many further submissions are something to do now; SubmissionIntake::never while a batch is on its way.
  std::size_t wants_submissions_from() const;
  void read_latest(const std::vector<LatestQuery>& queries) const;
  // Takes a scan in. Returns whether it is the only one: then continue_scans is to be called.
  bool begin_scan(ReadSummary request);
  // Does a slice of one scan after the other. Returns whether there is more to do, and it is to be called again.
  bool continue_scans();
  // Scans the next slice; true when that was the last.
  bool count_fleet(CountFleet& count) const;
  static constexpr std::size_t devices_counted_at_a_time = 50'000;  // a quarter of a millisecond
  const DeviceTable& table() const { return table_; }
  bool knows(std::string_view device_id) const { return table_.find(device_id) != nullptr; }
  // The answer; or nullopt, and what is known of it is in the message.
  std::optional<HistoryPage> remembered_or_prepared(ReadHistory& message);
  void keep_history(const KeepHistory& read);
  void forget_histories() { histories_.forget(); }
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
  FollowedHistories histories_;
  std::deque<DeviceScan> scans_;                           // under way, the one whose turn it is first
  std::vector<Submission> open_;                           // waits for the batch that is on its way
  std::vector<std::shared_ptr<UpdateGroup>> open_groups_;  // the same
  bool batch_on_its_way_ = false;
  Linger linger_;
  bool lingers_ = false;  // no batch is on its way, and what waits goes with end_linger at the latest
  Timestamp oldest_on_its_way_{};
  Timestamp oldest_unknown_ = latest_timestamp;  // of batches of which nobody knows whether they are durable
};

}  // namespace ubiety
