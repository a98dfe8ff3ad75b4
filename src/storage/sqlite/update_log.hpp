// The log of updates, update_log: each commit appends one row to it, and later merges move the updates to the history's
// table. Each call throws Error. One thread.
#pragma once

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/logged_updates.hpp"
#include "storage/sqlite/unmerged_updates.hpp"

namespace ubiety::sqlite {

class UpdateLog {
 public:
  explicit UpdateLog(Database& database);

  struct State {
    MergeProgress progress;
    std::int64_t newest_row = 0;
  };
  State state();

  // Gives the log an identity of its own, at random: no copy of the file that was made before has it.
  std::int64_t renew_identity();

  // Appends the next row: `fresh` is what a later merge moves to the table, `settled` what is there already.
  void append(std::int64_t row, const UpdateList& fresh, const UpdateList& settled);
  void put(const MergeProgress& progress);

  // Brings `unmerged` to where the log is. The log is read in a transaction, and `unmerged` is locked.
  void catch_up(const State& state, UnmergedUpdates& unmerged, const std::function<Timestamp(const DeviceId&)>& newest);

  // Tells all that was received since then.
  void read_received_since(Timestamp since, const StatusSink& sink);

  // Removes some of the rows that are merged and were received before the watermark; gives whether there are more.
  bool trim(Timestamp watermark);

 private:
  Database& database_;
  PreparedOnUse state_, append_, put_progress_, rows_after_, received_since_, trim_;
  LoggedTextReader reader_;
};

}  // namespace ubiety::sqlite
