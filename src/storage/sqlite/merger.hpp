// A merge moves updates from the log into the history, and raises the latest statuses. Each call throws Error. One
// thread.
#pragma once

#include <functional>

#include "storage/log/merge_plan.hpp"
#include "storage/log/removals.hpp"
#include "storage/sqlite/segment_table.hpp"
#include "storage/sqlite/update_log.hpp"

namespace ubiety::sqlite {

// The latest status of each device, as of the last merge.
class LatestTable {
 public:
  LatestTable(Database& database, NewerThan newer_than);

  void read(const std::function<void(log::LatestStatus&&)>& sink);
  // Writes the status unless the stored one is newer, and raises the newest timestamp.
  void raise(const log::LatestStatus& latest);
  void replace(const log::LatestStatus& latest);
  void remove_all();
  // Removes the device's status if the removal takes it away.
  void remove(const log::Removal& removal);

 private:
  const NewerThan newer_than_;
  PreparedOnUse select_all_, select_one_, put_, delete_all_, delete_removed_;
};

// A merge goes in slices, each a transaction of a few milliseconds, with appends in between, and can be interrupted
// after each of them.
class Merger {
 public:
  Merger(Database& database, SharedState& shared, UpdateLog& log, SegmentTable& segments, LatestTable& latest)
      : database_(database), shared_(shared), log_(log), segments_(segments), latest_(latest) {}

  // See Session::merge.
  log::Positions merge(const log::Positions& through, log::MergeSource& source);

 private:
  struct Begun {
    log::Positions through;
    DeviceId after;
  };
  log::Positions merged_before(const log::Positions& through);
  log::Positions move(const log::Positions& through, log::MergeSource& source);
  Begun begin(const log::Positions& through);
  void merge_slice(const std::vector<log::DeviceToMerge>& devices);
  void finish(const log::Positions& through);
  void delete_merged_rows();

  Database& database_;
  SharedState& shared_;
  UpdateLog& log_;
  SegmentTable& segments_;
  LatestTable& latest_;
};

}  // namespace ubiety::sqlite
