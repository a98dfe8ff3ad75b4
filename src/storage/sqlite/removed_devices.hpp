// Removed devices in the file: removed_device, and what removals took away from the other tables. Call the first two
// functions in a transaction or a snapshot. Each throws Error. One thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "storage/log/removals.hpp"
#include "storage/sqlite/merger.hpp"
#include "storage/sqlite/segment_table.hpp"
#include "storage/sqlite/update_log.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

class RemovedDevices {
 public:
  RemovedDevices(Database& database, SharedState& shared, UpdateLog& log, SegmentTable& segments, LatestTable& latest);

  void put(const log::Removal& removal);
  void read(const std::function<void(log::Removal&&)>& sink);
  // When the device was removed; nullopt if that is not known.
  std::optional<Timestamp> find(const DeviceId& device_id);

  // See Session::sweep and Session::forget_removals. Each is one transaction of a few milliseconds.
  Swept sweep();
  bool forget(Timestamp before);

 private:
  using Clock = std::chrono::steady_clock;

  // Deletes for a moment what each of these took away, and runs `finish` with those of which nothing is left. Returns
  // whether that was all of them.
  bool sweep(const std::vector<log::Removal>& removals, Statement& finish, Swept& swept);
  // Returns whether nothing is left.
  bool sweep(const log::Removal& removal, Clock::time_point end, Swept& swept);
  void cut(const log::Removal& removal, const SegmentTable::Segment& segment, Swept& swept);

  Database& database_;
  SharedState& shared_;
  UpdateLog& log_;
  SegmentTable& segments_;
  LatestTable& latest_;
  PreparedOnUse put_, read_, find_, to_sweep_, note_swept_, before_, forget_;
};

}  // namespace ubiety::sqlite
