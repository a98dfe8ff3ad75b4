// The log in PostgreSQL: the tables node_stream and update_log, see docs/FORMATS.md. The connection's thread. All throw
// SqlError.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "domain/thread_safety.hpp"
#include "storage/log/format.hpp"
#include "storage/log/position.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// The rows that a merge must not expect, because the load could not read them or did not find them. Any thread.
class UnreadableRows {
 public:
  void clear();
  void add_damaged(log::Position position);
  // So many rows up to `last` are missing.
  void add_missing(log::Position last, std::int64_t count);

  struct Absent {
    std::vector<std::int64_t> damaged;  // the sequences
    std::int64_t count = 0;             // with those that are missing
  };
  // Of this stream, behind the sequence `after` and up to `through`.
  Absent between(log::StreamId stream, std::int64_t after, std::int64_t through) const;

 private:
  struct Rows {
    std::set<std::int64_t> damaged;
    std::map<std::int64_t, std::int64_t> missing;  // the last of a gap, and how many rows it had
  };

  mutable Mutex mutex_;
  std::map<log::StreamId, Rows> rows_ GUARDED_BY(mutex_);
};

class LogTable {
 public:
  explicit LogTable(Connection& connection) : connection_(connection) {}

  // Opens a stream if this process is the owner in this epoch, or finds it open. Returns false if it was closed. Throws
  // SqlError too if another process is the owner.
  bool open_stream(log::StreamId stream, std::int64_t epoch);

  // One statement. Returns false if the stream is not open.
  bool append(log::Position position, const UpdateList& updates);

  // See Session::last_appended. nullopt if the stream is not open.
  std::optional<std::int64_t> last_appended(log::StreamId stream);

  // See Session::append_once. Throws SqlError too if another process is the owner.
  void append_once(const std::vector<log::Row>& rows, std::int64_t epoch);

  // Passes the rows to `sink`, in the snapshot of the transaction.
  void load(LoadSink& sink, UnreadableRows& unreadable);

  // Returns how far these streams are merged.
  log::Positions merged(const log::Positions& of);

  // Deletes the rows up to `through`, in a transaction. Returns the streams that had some, and how far. Throws SqlError
  // if there are other rows than expected.
  log::Positions remove(const log::Positions& through, const UnreadableRows& unreadable);
  // Records what remove() returned.
  void set_trimmed(const log::Positions& trimmed);

 private:
  Connection& connection_;
  log::Positions trimmed_before_;  // by the streams that remove() looked at
};

}  // namespace ubiety::postgres
