// A node in few words: it appends to the log of the store that it owns, keeps what is not merged, and merges. One
// thread.
#pragma once

#include <string>
#include <vector>

#include "storage/store.hpp"
#include "store_fixture.hpp"
#include "support/unmerged_updates.hpp"

namespace ubiety::test {

class Node {
 public:
  // Loads what the store has, and opens a stream. The session outlives the node, or use() replaces it.
  explicit Node(Session& session);

  // Goes on with another session of the same owner.
  void use(Session& session) { session_ = &session; }

  // Appends a row. Returns its position.
  log::Position append(const std::vector<StatusUpdate>& updates);

  // Merges all rows, also if an earlier merge was interrupted.
  void merge();
  // Merges the rows up to `through`, or finishes an earlier merge.
  StoreResult<log::Positions> merge(const log::Positions& through);

  HistoryPage page(const HistoryQuery& query) { return page(query, *session_); }
  HistoryPage page(const HistoryQuery& query, Session& reader);
  // All records, newest first.
  std::vector<Status> history(const std::string& device_id);

  Session& session() { return *session_; }
  // All rows that were appended, by earlier nodes too.
  const log::Positions& appended() const { return appended_; }
  log::StreamId stream() const { return next_.stream; }
  UnmergedUpdates& unmerged() { return unmerged_; }

 private:
  Session* session_;
  log::Position next_{new_stream(), 1};
  log::Positions appended_;
  UnmergedUpdates unmerged_;
};

}  // namespace ubiety::test
