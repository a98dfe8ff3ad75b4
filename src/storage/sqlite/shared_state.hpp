// What all sessions of a store share: the turns in which they write, what this process knows to be in the file, and the
// thread that checkpoints it. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "domain/thread_safety.hpp"
#include "storage/log/merge_plan.hpp"
#include "storage/log/position.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

// Lets one session write at a time, in the order in which they ask. Without it, SQLite makes a second writer sleep, and
// an append could wait for many slices of a merge; so it waits for one of each other writer at most.
class WriteTurns {
 public:
  class Turn {
   public:
    explicit Turn(WriteTurns& turns) : turns_(turns) { turns_.begin(); }
    ~Turn() { turns_.end(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    WriteTurns& turns_;
  };

 private:
  void begin() {
    const MutexLock lock(mutex_);
    const auto mine = next_++;
    changed_.wait(mutex_, [&]() REQUIRES(mutex_) { return mine == current_; });
  }
  void end() {
    {
      const MutexLock lock(mutex_);
      ++current_;
    }
    changed_.notify_all();
  }

  Mutex mutex_;
  ConditionVariable changed_;
  std::uint64_t next_ GUARDED_BY(mutex_) = 0;
  std::uint64_t current_ GUARDED_BY(mutex_) = 0;
};

// What this process, the owner, has seen in the file. A file that has less was restored from a copy.
struct SeenState {
  struct Stream {
    std::int64_t last = 0;
    std::int64_t trimmed = 0;
  };
  std::int64_t version = 0;                   // merge_progress.version
  std::map<log::StreamId, Stream> streams{};  // that this process has opened
};

class SharedState {
 public:
  WriteTurns& turns() { return turns_; }

  // Begins an ownership: forgets what was seen before, and lets the sessions write.
  void own(std::int64_t version);
  // Throws Error before own().
  void expect_owned() const;
  WriteTurns& turns_of_owner() {
    expect_owned();
    return turns_;
  }

  SeenState seen() const;
  void note_stream(log::StreamId stream, const SeenState::Stream& state);
  // Ignores a stream that this process has not opened.
  void note_trimmed(log::Position through);
  void note_version(std::int64_t version);

  log::KnownMerges& known_merges() { return known_merges_; }

  // Rows that load() could not read. Merges leave them in the log.
  void note_damage(log::Position position);
  bool is_damaged(log::Position position) const;

 private:
  WriteTurns turns_;
  log::KnownMerges known_merges_;
  mutable Mutex mutex_;
  bool is_owned_ GUARDED_BY(mutex_) = false;
  SeenState seen_ GUARDED_BY(mutex_);
  std::set<log::Position> damaged_ GUARDED_BY(mutex_);
};

// Moves what the write-ahead log (WAL) has into the database file, on a thread of its own. SQLite would do so within a
// commit, which then takes a tenth of a second, and all appends behind it wait.
class Checkpointer {
 public:
  Checkpointer(std::string path, WriteTurns& turns) : path_(std::move(path)), turns_(turns) {}
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // Has this thread checkpoint when a commit of the connection finds the WAL large.
  void watch(Database& database);

 private:
  static int after_commit(void* self, sqlite3* handle, const char* name, int pages);
  void wake();
  void run(const std::stop_token& stopping);
  void checkpoint(Database& database);

  const std::string path_;
  WriteTurns& turns_;
  Mutex mutex_;
  ConditionVariable woken_;
  bool is_wanted_ GUARDED_BY(mutex_) = false;
  std::optional<std::jthread> thread_ GUARDED_BY(mutex_);  // since the first time it was wanted
};

}  // namespace ubiety::sqlite
