// The shard owns the latest status of its devices, and their updates that are not merged into the history yet. This is
// its logic; shard_actor.hpp runs it as an actor.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/messages.hpp"
#include "actors/shard/device_removal.hpp"
#include "actors/shard/device_scan.hpp"
#include "actors/shard/device_table.hpp"
#include "actors/shard/history_totals.hpp"
#include "actors/shard/linger.hpp"
#include "actors/shard/tail.hpp"
#include "domain/status.hpp"

namespace ubiety {

struct ShardOptions {
  std::uint32_t number = 0;
  NewerThan newer_than;
  SummaryEncoder encoder;
  std::chrono::microseconds commit_linger{0};  // at most, see Linger
  // These outlive the shard.
  const std::atomic<bool>* clients_may_send{};  // see Linger
  HistoryChanges* history_changes{};
  Listening* listening{};
  Groups* groups{};
  std::chrono::seconds stale_after = std::chrono::minutes(10);
  std::chrono::seconds learning_patience = SilenceWatch::usual_learning_patience;
};

// What a shard asks of its actor.
struct ShardHooks {
  // Sends a batch to the writer, whose answer goes to batch_done.
  std::function<void(std::shared_ptr<Batch>)> send_to_writer;
  // Sends a batch that has nothing to write to batch_done.
  std::function<void(std::shared_ptr<Batch>)> pass_writer;
  // The clock of deadlines.
  std::function<SteadyTime()> steady_now;
  // Calls end_linger after `delay`.
  std::function<void(std::chrono::microseconds delay)> end_linger_after;
};

// One thread at a time.
class Shard {
 public:
  Shard(const ShardOptions& options, ShardHooks hooks);

  void submit(Parcels&& parcels);
  void batch_done(Batch& batch, bool committed);
  void end_linger();
  // What further parcels have to be worth to wake the shard, see ShardPort::set_wake_threshold; ShardPort::never while
  // a batch is in flight.
  std::size_t wake_threshold() const;
  void read_latest(const std::vector<LatestQuery>& queries) const;
  // See DeviceTable::set_mutes.
  void set_mutes(std::shared_ptr<const Mutes> mutes) { table_.set_mutes(std::move(mutes)); }
  bool count_muted() { return table_.count_muted(devices_looked_up_at_a_time); }
  static constexpr std::size_t devices_looked_up_at_a_time = 4'096;  // half a millisecond
  DevicesFound read_devices(const ReadDevices& query) const;
  // Begins a scan. Returns true if it is the only one: then call continue_scans.
  bool begin_scan(ReadSummary request);
  // Does a slice of one scan; scans take turns. Returns true while there is more to do: then call it again.
  bool continue_scans();
  // In a step of a merge.
  static constexpr std::size_t devices_sorted_at_a_time = 2'000, devices_collected_at_a_time = 20'000;
  const DeviceTable& table() const { return table_; }
  bool knows(std::string_view device_id) const { return table_.number_of(device_id).has_value(); }
  // Returns the outcome if the shard knows it: for an unknown device, and for the newest page of a history whose total
  // is known, if the tail has the page. Else the message has the device's tail for the reader, and the total if it is
  // known and wanted.
  std::optional<HistoryOutcome> answer_or_prepare(ReadHistory& message);
  // The reader has counted the history.
  void keep_total(const KeepTotal& counted);
  void load(LoadStored& stored);
  // All stored statuses are loaded, so that a repeated update is recognised from here on.
  void set_complete();
  UnmergedDevices collect(const CollectUnmerged& request);
  void drop_merged(const log::Positions& merged) { tail_.drop_merged(merged); }
  void resend(const ResendLost& lost);
  // See DeviceRemoval.
  FoundDevices find(const FindDevices& request) const;
  void forget(const std::vector<log::Removal>& removals);
  // Those of the devices that it has count as changed.
  void show_again(const std::vector<log::Removal>& removals) {
    for (const auto& removal : removals)
      if (const auto device = table_.number_of(removal.device_id)) table_.show_again(*device);
  }
  void forget_removals(Timestamp before) { removal_.forget_removals(before); }
  // What the fleet's keeper asks and decides, once a second.
  FleetChanges find_changes(const FindChanges& message);
  Census census(const TakeCensus& message) const;
  void follow(const SilenceDecided& decided);
  const Tail& tail() const { return tail_; }
  // When the oldest update that waits for its commit was received; latest_timestamp when none waits.
  Timestamp oldest_waiting() const;

  // Returns a replacement for this shard, which failed. It knows the batch in flight but no device. The parcels of the
  // open batch are answered "unavailable".
  std::unique_ptr<Shard> successor();

  std::uint32_t number() const { return options_.number; }

 private:
  void send_or_linger(std::size_t answered);
  void send_open_batch();
  void drop_expired(SteadyTime now);
  void apply(Batch& batch);
  void apply(Parcel& parcel, const ListeningMoment& moment);
  UpdateOutcome apply(const StatusUpdate& update, const ListeningMoment& moment);
  void note_heard(const StatusUpdate& repeated, const ListeningMoment& moment);
  // Fills the batch's `write`, `doubtful` and `repetitions`. Sets the outcome of what is known to be stored.
  void arrange(Batch& batch) const;
  // The total of the device's history, if it is known and no expiry has changed it since.
  std::optional<std::uint64_t> total_of(std::uint32_t device, const HistoryChanges::Count& changes);
  std::optional<HistoryPage> newest_page(std::uint32_t device, std::uint64_t total, const HistoryQuery& query) const;
  bool is_expired(const Status& status) const { return status.timestamp < options_.history_changes->expired_before(); }
  ListeningMoment found_moment(const StatusUpdate& update) const;
  static std::vector<const StatusUpdate*> by_receipt(const std::vector<StatusUpdate>& updates);
  Tail::Knowledge look_for(const StatusUpdate& update) const;
  bool would_be_latest(const StatusUpdate& update) const;
  void finish(Batch& batch, bool committed);

  const ShardOptions options_;
  const ShardHooks hooks_;
  DeviceTable table_;
  Tail tail_;
  HistoryTotals totals_;
  std::uint64_t expiries_ = 0;  // as counted in HistoryChanges; the totals are no older
  DeviceRemoval removal_{table_, tail_, totals_};
  std::shared_ptr<const log::Positions> merge_;  // what the last merge that collected updates goes through
  bool is_complete_ = false;
  std::deque<DeviceScan> scans_;  // under way; the next in turn is first
  Parcels open_;                  // the next batch
  std::size_t open_worth_ = 0;    // see Linger::worth_of
  bool batch_in_flight_ = false;
  Linger linger_;
  bool lingers_ = false;  // no batch is in flight, and end_linger will send what is open
  Timestamp oldest_in_flight_{};
};

}  // namespace ubiety
