// What a shard answers to one request of a merge: the next devices that have updates to merge, with the updates. One
// thread at a time: the shard's.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "actors/messages.hpp"
#include "actors/shard/device_removal.hpp"
#include "actors/shard/device_table.hpp"
#include "actors/shard/tail.hpp"
#include "storage/log/merge_plan.hpp"

namespace ubiety {

// Devices are looked up in groups, see Tail::collect.
class Collection {
 public:
  Collection(const DeviceTable& table, const Tail& tail, const DeviceRemoval& removal, const CollectUnmerged& request,
             UnmergedDevices& answer)
      : table_(table),
        tail_(tail),
        removal_(removal),
        rows_(tail.rows_to_merge(*request.through)),
        request_(request),
        answer_(answer) {}

  bool is_empty() const { return rows_.empty(); }

  // Returns whether the answer has room for more devices.
  bool add(std::uint32_t number) {
    if (!tail_.has(number)) return true;
    group_.push_back({number});
    if (group_.size() >= group_size_) look_up_group();
    return records_ < request_.most_records;
  }

  void look_up_group() {
    tail_.collect(rows_, group_);
    std::size_t most = 0;
    for (auto& [number, records, may_repeat] : group_) {
      if (const auto removed = removal_.of(table_.at(number).device_id))
        std::erase_if(records, [at = *removed](const Status& record) { return is_removed(record, at); });
      if (records.empty()) continue;
      records_ += records.size();
      most = std::max(most, records.size());
      log::sort_and_fold(records);
      answer_.devices->push_back({table_.latest_of(number), std::move(records), may_repeat});
    }
    group_.clear();
    group_size_ = std::clamp<std::size_t>(request_.most_records / (most + 1), 1, largest_group);
  }

 private:
  static constexpr std::size_t largest_group = 16;

  const DeviceTable& table_;
  const Tail& tail_;
  const DeviceRemoval& removal_;
  const Tail::RowsToMerge rows_;
  const CollectUnmerged& request_;
  UnmergedDevices& answer_;
  std::vector<Tail::Collected> group_;
  std::size_t group_size_ = 1;  // until it is known how many updates the devices have
  std::size_t records_ = 0;
};

}  // namespace ubiety
