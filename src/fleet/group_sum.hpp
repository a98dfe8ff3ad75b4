// Adds up what the shards count of each group, and finds the largest groups. Any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "domain/thread_safety.hpp"
#include "fleet/fleet_totals.hpp"
#include "fleet/outage.hpp"

namespace ubiety {

class GroupSum {
 public:
  // A shard's groups by their numbers, as DeviceWatch::group_totals has them. About 1 ns a group.
  void add(std::span<const GroupTotals> groups);

  struct NumberedTotals {
    GroupNumber group = whole_fleet;
    GroupTotals totals;
  };
  struct Largest {
    std::vector<NumberedTotals> groups;  // the largest first; of groups of one size, the lowest number first
    std::size_t left_out = 0;            // further groups that have devices
  };
  // The groups with the most devices, at most so many. Devices in no group do not count. About 1 ns a group.
  Largest largest(std::size_t most) const;

 private:
  mutable Mutex mutex_;
  std::vector<GroupTotals> sums_ GUARDED_BY(mutex_);
};

}  // namespace ubiety
