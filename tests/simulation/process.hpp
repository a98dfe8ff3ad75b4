// One run of the service, from its start to its crash, taken one event at a time. The logic is the product's: Shard and
// its supervision, BatchCommitter, SpoolForwarder, MergeCursor, the recovery's loading. What is imitated is what CAF
// and the engine do: mailboxes, the loop's turn, the housekeeper's start, the merger's and the reader's loops. A
// mailbox is first in, first out for all its senders together, as CAF's are within a process.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <variant>
#include <vector>

#include "actors/parcel.hpp"
#include "actors/shard/port.hpp"
#include "actors/shard/shard_actor.hpp"
#include "actors/store/forwarder.hpp"
#include "actors/store/merger.hpp"
#include "actors/store/recovery.hpp"
#include "actors/store/writer.hpp"
#include "domain/clock.hpp"
#include "simulation/simulated_spool.hpp"
#include "simulation/simulated_store.hpp"

namespace ubiety::simulation {

// One thread of the service. In the middle of an event of its own it begins no other.
class Thread {
 public:
  template <class Event>
  void run(Event event) {
    if (std::exchange(busy_, true)) return;
    event();
    busy_ = false;
  }

 private:
  bool busy_ = false;
};

class Process {
 public:
  // `spool`: nullptr where there is none.
  Process(World& world, SimulatedStore& store, SimulatedSpool* spool, Admission& admission, std::uint32_t shards);

  // Each does its event, if it can happen now.
  void receive(StatusUpdate update, std::chrono::microseconds patience);
  void receive_batch(std::vector<StatusUpdate> updates, std::chrono::microseconds patience);
  void send();  // what one turn of the loop received for one more shard
  void ask(const DeviceId& device_id);
  void deliver(std::uint32_t shard);
  void writer_step();
  void forwarder_step();
  void merger_step();
  void ask_for_history(const DeviceId& device_id);
  void reader_step();
  void remove(DeviceSelection selection);
  void remover_step();
  void housekeeper_step();
  void fail(std::uint32_t shard);  // it throws
  void stop();

  bool accepting() const { return state_.readiness.is_accepting(); }
  bool loaded() const { return state_.readiness.is_loaded(); }
  bool stopping() const { return stopping_; }
  bool removes() const { return !for_remover_.empty(); }
  bool is_at_rest() const;
  std::uint32_t shards() const { return static_cast<std::uint32_t>(shards_.size()); }
  bool has_mail(std::uint32_t shard) const { return !mailboxes_[shard].empty(); }
  bool writer_is_busy() const { return !in_hand_.empty() || !for_writer_.empty(); }
  bool waits_for_store() const { return !loaded() || has_lost_shards() || has_spooled(); }
  bool has_lost_shards() const { return !lost_shards_.empty(); }
  bool has_spooled() const { return spool_ != nullptr && spool_->waiting() > 0; }
  // Asks for all devices, at rest.
  void check_at_rest();

 private:
  using Message = std::variant<TakeParcels, ReadLatest, ReadHistory, KeepTotal, BatchDone, LoadStored, ShardRecovered,
                               CollectUnmerged, DropMerged, FindDevices, ForgetDevices>;

  void handle(std::uint32_t shard, const TakeParcels& message);
  void handle(std::uint32_t shard, ReadLatest& message);
  void handle(std::uint32_t shard, BatchDone& message);
  void handle(std::uint32_t shard, LoadStored& message);
  void handle(std::uint32_t shard, ShardRecovered& message);
  void handle(std::uint32_t shard, ReadHistory& message);
  void handle(std::uint32_t shard, const KeepTotal& message);
  void handle(std::uint32_t shard, const CollectUnmerged& message);
  void handle(std::uint32_t shard, const DropMerged& message);
  void handle(std::uint32_t shard, const FindDevices& message);
  void handle(std::uint32_t shard, const ForgetDevices& message);

  std::unique_ptr<SupervisedShard> new_shard(std::uint32_t number);
  using Read = void (Checker::*)(const DeviceId&, const std::optional<Status>&);
  template <Read read>
  LatestQuery query_of(std::size_t device);

  bool may_receive() const;
  bool has_sent_all() const;
  Timestamp next_received();
  void step_back();
  Parcels parcels_of(std::vector<StatusUpdate> updates) const;
  bool admit(const Parcels& parcels);
  void gather(ParcelPointer parcel, std::chrono::microseconds patience);

  void start();
  bool recover_spool();
  void ask_after_start();
  void recover_lost_shards();
  bool load_lost_shards();
  LoadShard load_shard();

  void merge_or_sweep();
  void merge();
  void sweep();
  UnmergedDevices ask_for_unmerged(std::size_t shard, const CollectUnmerged& request);
  void drop_merged(const log::Positions& merged);

  struct Removing;
  bool find_devices(Removing& removing);
  void remove_next(Removing& removing);
  void forget(const std::vector<log::Removal>& removals);

  void take_batches();
  void commit();
  void leave_out_stored();
  void give_back(bool committed);
  void give_back_as_not_stored();
  void plant_before_commit();
  void plant_before_giving_back();
  bool plant_in(Parcel& parcel);
  bool plant_in_report(Parcel& report);
  void take_loosely(const StatusUpdate& update);
  void take_loosely(const Batch& batch);

  World& world_;
  SimulatedSpool* const spool_;
  Admission& admission_;
  ServiceState state_{spool_};
  ReceiveClock receive_clock_;
  std::atomic<bool> clients_may_send_{false};
  std::deque<ShardPort> ports_;  // of the shards
  std::vector<std::unique_ptr<SupervisedShard>> shards_;
  std::vector<std::deque<Message>> mailboxes_;

  // The loop's turn.
  std::vector<Parcels> turn_;  // by shard
  std::uint32_t next_to_send_ = 0;
  bool is_unsent_ = false;  // something that was received

  Thread writer_, forwarder_, housekeeper_, merger_, reader_, remover_;

  // The writer.
  std::stop_source one_attempt_;
  BatchCommitter committer_;
  std::vector<std::shared_ptr<Batch>> for_writer_, in_hand_;

  std::optional<SpoolForwarder> spool_forwarder_;

  // The housekeeper.
  SimulatedStore& store_;
  StoreConnection connection_;
  std::map<std::uint32_t, std::uint64_t> lost_shards_;  // to their incarnations

  // The merger.
  StoreConnection merging_connection_;
  MergeCursor cursor_;
  std::optional<UnmergedDevices> answer_;  // of the shard that was asked
  std::uint64_t seen_removals_ = 0;
  bool is_swept_ = false;
  int merges_before_sweep_ = 0;  // after one that failed

  // The reader.
  StoreConnection reading_connection_;
  std::deque<ReadHistory> for_reader_;

  // The remover.
  struct Removing {
    DeviceSelection selection;
    Timestamp at;
    std::optional<std::vector<log::Removal>> removals{};
    std::size_t done = 0;  // of them
  };
  StoreConnection removing_connection_;
  std::deque<Removing> for_remover_;
  std::optional<FoundDevices> found_;  // by the shard that was asked
  bool has_forgotten_ = false;

  bool stopping_ = false;
  LatestMap loose_latest_;            // for Plant::greater_or_equal
  Parcels taken_out_;                 // that the store has, but that the shard does not get back
  std::vector<Credit> kept_credits_;  // for Plant::parcel_credit_kept
};

// With the same reply, and without its credit.
ParcelPointer copy_of(const Parcel& parcel);
void answer(ParcelPointer parcel);

}  // namespace ubiety::simulation
