// Reads the log in PostgreSQL, and finds what of it cannot be read. The connection's thread, except for UnreadableRows.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "domain/thread_safety.hpp"
#include "storage/log/position.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// The columns of update_log that have a row's updates.
#define UBIETY_LOG_COLUMNS "device_ids, timestamps, battery_levels, rssis, onlines, created_ats"

// The rows that a merge must not expect, because the load could not read them or did not find them. Any thread.
class UnreadableRows {
 public:
  void clear();
  void add_damaged(log::Position position);
  // So many rows up to `last` are missing.
  void add_missing(log::Position last, std::int64_t count);

  bool has_damaged() const;

  struct Absent {
    std::vector<std::int64_t> damaged;  // the sequences, in their order
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

// Passes the rows of the log to `sink`, in a transaction and its snapshot. A row that PostgreSQL cannot read, because a
// page of the table or of a long value is damaged, is damaged like one with impossible values. Throws SqlError, also if
// more than a few thousand rows are damaged.
void load_log(Connection& connection, LoadSink& sink, UnreadableRows& unreadable);

}  // namespace ubiety::postgres
