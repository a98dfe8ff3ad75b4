// The one door into a shard. Parcels wait in the port instead of the mailbox, because the shard need not wake up for
// each while a batch is in flight. All else is a message; before it handles any, the shard takes the parcels submitted
// earlier (SupervisedShard::use). Latest statuses are read without waking the shard.
#pragma once

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "actors/messages.hpp"
#include "actors/parcel.hpp"
#include "actors/requests.hpp"
#include "actors/shard/device_table.hpp"
#include "actors/shard/linger.hpp"
#include "domain/thread_safety.hpp"

namespace ubiety {

// Lets any thread read a shard's latest statuses while the shard does not write them, so that a GET wakes no other
// thread. Only the shard writes.
class LatestView {
 public:
  // Any thread; never blocks. Returns nullopt while the shard writes, and while it lacks some of its devices.
  std::optional<std::optional<DeviceDetails>> try_find(std::string_view device_id) {
    if (!mutex_.try_lock()) return std::nullopt;
    const MutexLock lock(mutex_, std::adopt_lock);
    if (table_ == nullptr) return std::nullopt;
    const auto device = table_->number_of(device_id);
    return device ? std::optional(table_->details_of(*device)) : std::optional<DeviceDetails>();
  }

  // As above: how often the latest statuses have changed, see DeviceTable::version.
  std::optional<std::uint64_t> try_version() {
    if (!mutex_.try_lock()) return std::nullopt;
    const MutexLock lock(mutex_, std::adopt_lock);
    if (table_ == nullptr) return std::nullopt;
    return table_->version();
  }

  // The shard's thread. Calls `write` while no other thread reads.
  template <class Write>
  void while_hidden(Write write) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    write();
  }

  // The shard's thread. The table has all devices, and stays at its address until hide().
  void show(const DeviceTable& table) {
    const MutexLock lock(mutex_);
    table_ = &table;
  }
  void hide() {
    const MutexLock lock(mutex_);
    table_ = nullptr;
  }

 private:
  Mutex mutex_;
  const DeviceTable* table_ GUARDED_BY(mutex_) = nullptr;
};

class ShardPort {
 public:
  static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

  ShardPort() = default;
  ShardPort(const ShardPort&) = delete;
  ShardPort& operator=(const ShardPort&) = delete;

  // Call it before other threads use the port. Messages to a port without an actor are dropped.
  void connect(ShardActor shard) { shard_ = std::move(shard); }
  void disconnect() { shard_ = nullptr; }

  // -- any thread --

  // Adds the parcels in their order. Returns whether it woke the shard, which otherwise looks by itself.
  bool submit(Parcels&& parcels) {
    std::size_t worth = 0;
    for (const auto& parcel : parcels) worth += Linger::worth_of(*parcel);
    {
      const MutexLock lock(mutex_);
      worth_ += worth;
      if (waiting_.empty())
        waiting_ = std::move(parcels);
      else
        std::move(parcels.begin(), parcels.end(), std::back_inserter(waiting_));
      if (!is_worth_waking() || std::exchange(is_woken_, true)) return false;
    }
    ask(TakeParcels{});
    return true;
  }

  // Returns the device's state, or no state for an unknown device. Never blocks: returns nullopt while the
  // shard writes or lacks some of its devices; then send ReadLatest.
  std::optional<std::optional<DeviceDetails>> try_latest(std::string_view device_id) {
    return view_.try_find(device_id);
  }

  // Returns how often the latest statuses have changed, see DeviceTable::version; nullopt as above.
  std::optional<std::uint64_t> try_version() { return view_.try_version(); }

  // When the oldest update that waits for its commit was received; latest_timestamp when none waits.
  Timestamp oldest_waiting() const { return {oldest_waiting_.load(std::memory_order_relaxed)}; }

  TailSize tail() const {
    return {tail_updates_.load(std::memory_order_relaxed),
            tail_bytes_.load(std::memory_order_relaxed),
            {oldest_unmerged_.load(std::memory_order_relaxed)}};
  }

  template <class Message>
  void ask(Message message) const {
    caf::anon_send(shard_, std::move(message));
  }

  // -- the shard's thread --

  // Returns all parcels that wait, in the order in which they were submitted.
  Parcels take() {
    const MutexLock lock(mutex_);
    is_woken_ = false;
    worth_ = 0;
    return std::exchange(waiting_, {});
  }

  // From now on the port wakes the shard when the waiting parcels are worth so many reports, see Linger::worth_of.
  // Returns true if they are already and the shard was not woken: then the shard has to take them itself.
  bool set_wake_threshold(std::size_t reports) {
    const MutexLock lock(mutex_);
    wake_threshold_ = reports;
    return is_worth_waking() && !is_woken_;
  }

  LatestView& view() { return view_; }

  void note_oldest_waiting(Timestamp received) {
    oldest_waiting_.store(received.microseconds, std::memory_order_relaxed);
  }

  void note_tail(const TailSize& tail) {
    tail_updates_.store(tail.updates, std::memory_order_relaxed);
    tail_bytes_.store(tail.bytes, std::memory_order_relaxed);
    oldest_unmerged_.store(tail.oldest_received.microseconds, std::memory_order_relaxed);
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
  std::atomic<std::int64_t> oldest_unmerged_{latest_timestamp.microseconds};
  std::atomic<std::uint64_t> tail_updates_{0}, tail_bytes_{0};
};

}  // namespace ubiety
