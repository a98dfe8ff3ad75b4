// The one door into a shard. Parcels go through its intake, past the mailbox: while a batch is in flight they can only
// wait, and the shard need not wake up for each. All else is a message, and whatever the message, the shard takes in
// first what was submitted before it (SupervisedShard::use). Latest statuses are read without the shard's help.
#pragma once

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "actors/interfaces.hpp"
#include "actors/parcel.hpp"
#include "actors/shard/latest_view.hpp"
#include "domain/thread_safety.hpp"

namespace ubiety {

class ShardPort {
 public:
  static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

  ShardPort() = default;
  ShardPort(const ShardPort&) = delete;
  ShardPort& operator=(const ShardPort&) = delete;

  // Before any other thread knows the port. Without an actor, messages are dropped.
  void connect(ShardActor shard) { shard_ = std::move(shard); }
  void disconnect() { shard_ = nullptr; }

  // -- any thread --

  // Takes the parcels in, in their order. Returns whether it woke the shard, which otherwise looks by itself.
  bool submit(Parcels&& parcels);

  // Returns the device's latest status, or no status for an unknown device. Returns nullopt, and never blocks, when the
  // shard is writing or lacks some of its devices: then ask with ReadLatest.
  std::optional<std::optional<Status>> try_latest(std::string_view device_id) { return view_.try_find(device_id); }

  // Returns how often the latest statuses have changed, see DeviceTable::version; nullopt as above.
  std::optional<std::uint64_t> try_version() { return view_.try_version(); }

  // When the oldest update was received that waits in the shard for its commit; latest_timestamp when none does.
  Timestamp oldest_waiting() const { return {oldest_waiting_.load(std::memory_order_relaxed)}; }

  template <class Message>
  void ask(Message message) const {
    caf::anon_send(shard_, std::move(message));
  }

  // -- the shard's thread --

  // Returns all parcels that wait, in the order in which they were submitted.
  Parcels take();

  // From now on the shard is woken when what waits is worth so many reports, see Linger::worth_of. Returns true when
  // that is so already and the shard was not woken: then it has to take them by itself.
  bool set_wake_threshold(std::size_t reports);

  LatestView& view() { return view_; }

  void note_oldest_waiting(Timestamp received) {
    oldest_waiting_.store(received.microseconds, std::memory_order_relaxed);
  }

 private:
  bool is_worth_waking() const REQUIRES(mutex_) { return worth_ >= wake_threshold_; }

  ShardActor shard_;

  Mutex mutex_;
  Parcels waiting_ GUARDED_BY(mutex_);
  std::size_t worth_ GUARDED_BY(mutex_) = 0;  // of `waiting_`
  std::size_t wake_threshold_ GUARDED_BY(mutex_) = 1;
  bool is_woken_ GUARDED_BY(mutex_) = false;  // and has not taken the parcels yet

  LatestView view_;
  std::atomic<std::int64_t> oldest_waiting_{latest_timestamp.microseconds};
};

}  // namespace ubiety
