// The updates of a store's log, kept as the shards keep them: by device, until a merge has moved them into the history.
// Tests pass them to Session::merge and Session::history. One thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/status.hpp"
#include "storage/log/history.hpp"
#include "storage/log/merge_plan.hpp"
#include "storage/log/position.hpp"

namespace ubiety::test {

class UnmergedUpdates final : public log::MergeSource {
 public:
  // Whether an earlier update of the device may have made the same report, merged or not.
  bool may_repeat(const StatusUpdate& update) const;

  // Adds the updates of a row, which is in the log. `is_repeat`: for each of them, whether the history has the report
  // already. A repeat does not change the latest status.
  void add(log::Position position, const std::vector<StatusUpdate>& updates, const std::vector<bool>& is_repeat);
  // The same, without repeats of what is merged.
  void add(log::Position position, const std::vector<StatusUpdate>& updates) {
    add(position, updates, std::vector<bool>(updates.size(), false));
  }

  // Takes a latest status that a start has loaded.
  void add_latest(const log::LatestStatus& latest);

  // The device was removed.
  void remove(const DeviceId& device_id) {
    devices_.erase(device_id);
    latest_.erase(device_id);
  }

  // Removes the updates of rows that a merge has moved.
  void trim(const log::Positions& merged);

  // The argument of Session::history for this device.
  std::vector<log::UnmergedRecord> of(const DeviceId& device_id) const;

  // nullptr for an unknown device.
  const log::LatestStatus* latest(const DeviceId& device_id) const;
  const std::map<DeviceId, log::LatestStatus>& all_latest() const { return latest_; }

  // The number of updates, repeats included.
  std::size_t size() const;

  // -- for Session::merge --

  void begin(const log::Positions& through, std::string_view after) override;
  std::vector<log::DeviceToMerge> next() override;

  std::size_t devices_at_once = 3;              // that next() returns
  std::optional<std::size_t> interrupts_after;  // next() throws MergeInterrupted after so many calls
  std::size_t calls = 0;                        // of next(), since the last begin()

 private:
  std::map<DeviceId, std::vector<log::UnmergedRecord>> devices_;
  std::map<DeviceId, log::LatestStatus> latest_;
  log::Positions through_;
  DeviceId next_after_;
};

}  // namespace ubiety::test
