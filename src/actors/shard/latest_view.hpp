// Lets any thread read a shard's latest statuses while the shard does not write them, so that a GET wakes no other
// thread. Only the shard writes.
#pragma once

#include <mutex>
#include <optional>
#include <string_view>

#include "actors/shard/device_table.hpp"
#include "domain/thread_safety.hpp"

namespace ubiety {

class LatestView {
 public:
  // Any thread; never blocks. Returns nullopt while the shard writes, and while it lacks some of its devices.
  std::optional<std::optional<Status>> try_find(std::string_view device_id) {
    if (!mutex_.try_lock()) return std::nullopt;
    const MutexLock lock(mutex_, std::adopt_lock);
    if (table_ == nullptr) return std::nullopt;
    const auto* status = table_->find(device_id);
    return status == nullptr ? std::optional<Status>() : std::optional(*status);
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

}  // namespace ubiety
