// Moves what the write-ahead log (WAL) has into the database file, on a thread of its own. SQLite would do so within a
// commit, which then takes a tenth of a second, and all appends behind it wait. Any thread.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "domain/thread_safety.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/shared_state.hpp"

namespace ubiety::sqlite {

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
