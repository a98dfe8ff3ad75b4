// The history of a SQLite store: a table in the order of its key, before it a log in the order of the commits.
//
// Rows of many devices lie on as many pages of the table, and a commit writes every page that it touches. So fresh
// updates go to the log, which takes a page or two for a commit, and move to the table in bulk: when many have
// gathered, each further commit moves twice as many as it brings, in the order of the key, so that the updates of a
// device share a page. An update is in the log or in the table, never in both: what is not newer than all that is
// stored of its device goes to the table at once.
//
// Only the owner of the store writes, see FileOwnership. Each call throws Error. One thread; the UnmergedUpdates are
// those of all sessions.
#pragma once

#include <functional>
#include <optional>

#include "storage/sqlite/history_table.hpp"
#include "storage/sqlite/unmerged_updates.hpp"
#include "storage/sqlite/update_log.hpp"

namespace ubiety::sqlite {

class LoggedHistory {
 public:
  LoggedHistory(Database& database, SharedUnmergedUpdates& unmerged)
      : database_(database), unmerged_(unmerged), table_(database), log_(database) {}

  // See Session, as for all of these.
  Committed commit(const WriteBatch& batch);
  HistoryPage page(const HistoryQuery& query);
  void read_all(const StatusSink& sink);
  Expired expire(Timestamp expired_before);

  // What the log has of what was received since then, within the caller's snapshot. It is kept until it is trimmed.
  void read_received_since(Timestamp since, const StatusSink& sink) { log_.read_received_since(since, sink); }
  // Takes into memory what the log has within the caller's snapshot: else the first commit would.
  void catch_up();
  // Runs what writes to other tables, in a transaction that raises the log's version: a copy of the file that was made
  // before shows by that.
  void write_beside(const std::function<void()>& write);
  // Forgets what was received before the watermark.
  void trim(Timestamp watermark);

  // Moves all that is in the log to the table.
  void merge_all();

 private:
  // The ways of a batch.
  struct Lanes {
    UpdateList logged;
    UpdateList settled;  // what the table takes at once
  };

  std::optional<UpdateLog::State> synchronize(UnmergedUpdates& unmerged);
  UpdateLog::State state_for_writing();
  Lanes divide(const WriteBatch& batch);
  Timestamp newest_stored(const UnmergedUpdates& unmerged, const DeviceId& device_id);
  Timestamp newest_in_table(const DeviceId& device_id);

  struct Settled {
    bool fresh_are_new = true;
    bool took_from_log = false;
  };
  Settled settle(const UpdateList& updates, std::size_t doubtful);

  void note_committed(std::int64_t row, const Lanes& lanes, const MergeProgress& progress);
  bool is_time_to_merge();
  void merge_some(MergeProgress& progress, std::size_t about);
  template <class Look, class Read>
  auto in_snapshot(Look look, Read read);
  HistoryPage page_of(const HistoryQuery& query, const UnmergedUpdates::Matching& logged);

  Database& database_;
  SharedUnmergedUpdates& unmerged_;
  HistoryTable table_;
  UpdateLog log_;
};

}  // namespace ubiety::sqlite
