// The latest status of each device, chosen by the one rule. One thread.
#pragma once

#include <unordered_map>

#include "domain/status_order.hpp"
#include "domain/status_update.hpp"

namespace ubiety::verify {

class LatestMap {
 public:
  explicit LatestMap(NewerThan newer_than) : newer_than_(newer_than) {}

  void take(const StatusUpdate& update) {
    const auto [entry, is_new] = latest_.try_emplace(update.device_id, update.status);
    if (!is_new && newer_than_(update.status, entry->second)) entry->second = update.status;
  }

  // nullptr for a device that is not there.
  const Status* find(const DeviceId& device_id) const {
    const auto found = latest_.find(device_id);
    return found == latest_.end() ? nullptr : &found->second;
  }

  std::size_t size() const { return latest_.size(); }
  auto begin() const { return latest_.begin(); }
  auto end() const { return latest_.end(); }

 private:
  NewerThan newer_than_;
  std::unordered_map<DeviceId, Status> latest_;
};

}  // namespace ubiety::verify
