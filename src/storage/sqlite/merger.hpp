// Moves updates from the log into the history. A merge goes in slices, each a transaction of a few milliseconds, with
// appends in between, and can be interrupted after each of them. One thread.
#pragma once

#include "storage/log/merge_plan.hpp"
#include "storage/sqlite/latest_table.hpp"
#include "storage/sqlite/segment_table.hpp"
#include "storage/sqlite/update_log.hpp"

namespace ubiety::sqlite {

class Merger {
 public:
  Merger(Database& database, SharedState& shared, UpdateLog& log, SegmentTable& segments, LatestTable& latest)
      : database_(database), shared_(shared), log_(log), segments_(segments), latest_(latest) {}

  // See Session::merge. Throws Error.
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
