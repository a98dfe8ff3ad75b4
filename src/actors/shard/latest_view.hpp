// A shard's latest statuses, to be read past its mailbox: whoever finds the shard not writing reads at once, and no
// other thread has to wake up for it. The shard alone writes.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "actors/shard/device_table.hpp"

namespace ubiety {

class LatestView {
 public:
  // Any thread; never waits. nullopt when the shard is writing just now, or has not all its devices: ask it.
  std::optional<std::optional<Status>> try_find(std::string_view device_id) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || table_ == nullptr) return std::nullopt;
    const auto* status = table_->find(device_id);
    return status == nullptr ? std::optional<Status>() : std::optional(*status);
  }

  // Likewise, how often the latest statuses have changed: see DeviceTable::version.
  std::optional<std::uint64_t> try_version() {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || table_ == nullptr) return std::nullopt;
    return table_->version();
  }

  // When the oldest update was received that waits in the shard for its commit; latest_timestamp when none does. The
  // shard's thread notes it, any thread asks.
  void note_oldest_waiting(Timestamp received) {
    oldest_waiting_.store(received.microseconds, std::memory_order_relaxed);
  }
  Timestamp oldest_waiting() const { return {oldest_waiting_.load(std::memory_order_relaxed)}; }

  // The shard's thread, for as long as it writes.
  std::unique_lock<std::mutex> writing() { return std::unique_lock(mutex_); }

  // The shard's thread. The table is complete, and stays where it is until it is hidden.
  void show(const DeviceTable& table) {
    const auto lock = writing();
    table_ = &table;
  }
  void hide() {
    const auto lock = writing();
    table_ = nullptr;
  }

 private:
  std::mutex mutex_;
  const DeviceTable* table_ = nullptr;  // guarded by mutex_
  std::atomic<std::int64_t> oldest_waiting_{latest_timestamp.microseconds};
};

}  // namespace ubiety
