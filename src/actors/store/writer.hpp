// The writer makes batches durable, with one row of the log for all that wait when it becomes idle.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <unordered_set>
#include <vector>

#include "actors/messages.hpp"
#include "actors/service_state.hpp"
#include "actors/store/store_connection.hpp"
#include "storage/spool.hpp"

namespace ubiety {

// The store lost the rows of a stream behind `kept_through`.
using ReportLost = std::function<void(log::StreamId stream, std::int64_t kept_through)>;

// Appends rows to the log of the store, each exactly once, though the outcome of an attempt may be unknown. Opens a
// stream when it needs one. One thread.
class LogAppender {
 public:
  LogAppender(Store& store, ServiceState& state, StoreConnection::Notice notice, ReportLost report_lost);

  // Makes the updates durable as one row. After a failure call this or append_to() with the same updates, unless the
  // store rejects them: then they are not in the log.
  StoreResult<log::Position> append(const UpdateList& updates);
  // The same in the spool. The row gets the position that it may have in the store already.
  StoreResult<log::Position> append_to(Spool& spool, const UpdateList& updates);

  // Gives up an append that failed. Further appends go to another stream, because its row may be durable.
  void give_up() { leave_stream(); }

  // Returns which updates the history has.
  StoreResult<std::vector<bool>> has_records(const UpdateList& updates);

  // Runs the action. Its failure says nothing about appends.
  StoreResult<HistoryOutcome> read(const std::function<StoreResult<HistoryOutcome>(Session&)>& action);

 private:
  void note_reading(bool succeeded);
  StoreResult<Done> prepare(Session& session);
  StoreResult<Done> settle(Session& session);
  StoreResult<log::Position> append_with(Session& session, const UpdateList& updates);
  log::Position next() const { return {*stream_, last_ + 1}; }
  void leave_stream();

  const ReportLost report_lost_;
  StoreConnection connection_;
  std::optional<log::StreamId> stream_;
  std::int64_t last_ = 0;            // the last row of the stream that is durable
  bool is_open_ = false;             // in the store
  bool is_in_spool_ = false;         // the spool has rows of the stream: the store gets no others
  bool is_outcome_unknown_ = false;  // of the append of last_ + 1, or the session was lost: rows may be lost too
};

// Commits batches, and retries until they are durable. One thread.
class BatchCommitter {
 public:
  // Updates go to the spool, if there is one, while the store is away. `stopping` ends the attempts.
  BatchCommitter(Store& store, ServiceState& state, std::stop_token stopping, ReportLost report_lost);

  // Returns true when all updates are durable, in the store or the spool, except those that the store refuses, which
  // it marks. Returns false when the service stops or loses its store first.
  bool commit(const std::vector<std::shared_ptr<Batch>>& batches);

  // Gives up the batches of a commit that returned false. Further batches may be committed.
  void give_up() { appender_.give_up(); }

  // The batches of the last commit are with their shards: a merge may move them.
  void note_applied();

  // See LogAppender::read.
  StoreResult<HistoryOutcome> read(const std::function<StoreResult<HistoryOutcome>(Session&)>& action) {
    return appender_.read(action);
  }

 private:
  using Updates = std::unordered_set<const StatusUpdate*>;

  UpdateList without_stored(const std::vector<std::shared_ptr<Batch>>& batches);
  // Appends the first piece, or divides it if the store rejects it. Returns a failure after which the outcome may be
  // unknown.
  std::optional<StoreFailure> append_first(std::deque<UpdateList>& pieces, Updates& refused);
  StoreResult<log::Position> append_row(const UpdateList& updates);
  StoreResult<log::Position> append_to(Spool& spool, const UpdateList& updates);
  void note_commit(std::size_t updates, std::chrono::duration<double> seconds);
  void wait_before_next_attempt(int failed_attempts);

  ServiceState& state_;
  LogAppender appender_;
  std::stop_token stopping_;
  std::vector<log::Position> in_store_;  // rows of the commit that is under way
  log::Position position_{};             // of the last row of the commit
};

}  // namespace ubiety
