// Removes devices from what a shard has in memory, and remembers them for a while, because old reports of theirs may
// still come. One thread at a time: the shard's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "actors/messages.hpp"
#include "actors/shard/device_table.hpp"
#include "actors/shard/history_totals.hpp"
#include "actors/shard/tail.hpp"
#include "storage/log/removals.hpp"

namespace ubiety {

class DeviceRemoval {
 public:
  // All references outlive this object.
  DeviceRemoval(DeviceTable& table, Tail& tail, HistoryTotals& totals) : table_(table), tail_(tail), totals_(totals) {}

  // Looks at some devices, from request.next on.
  FoundDevices find(const FindDevices& request, ListeningTime now) const;
  static constexpr std::size_t devices_looked_at_a_time = 8'192;  // some tenths of a millisecond

  // The removals are durable.
  void forget(const std::vector<log::Removal>& removals, ListeningTime now);
  // The store has forgotten the removals before this time.
  void forget_removals(Timestamp before) { removals_.forget_before(before); }

  // When the device was removed last, before it reported again; nullopt if it was not.
  std::optional<Timestamp> of(std::string_view device_id) const { return removals_.of(device_id); }
  // Whether a removal takes the status away. Costs a current status no look-up.
  bool take(std::string_view device_id, const Status& status) const { return removals_.take(device_id, status); }

 private:
  log::Removal removal_of(std::uint32_t device, Timestamp at) const;
  std::vector<Status> statuses_since(std::uint32_t device, Timestamp removed) const;

  DeviceTable& table_;
  Tail& tail_;
  HistoryTotals& totals_;
  log::Removals removals_;
};

}  // namespace ubiety
