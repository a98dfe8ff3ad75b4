// Locks a SQLite database against all other writers. One thread.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>

namespace ubiety::test {

class SqliteLock {
 public:
  explicit SqliteLock(const std::filesystem::path& database) {
    if (sqlite3_open(database.c_str(), &connection_) != SQLITE_OK) throw std::runtime_error("no database");
    execute("BEGIN IMMEDIATE");
  }
  ~SqliteLock() { sqlite3_close(connection_); }
  SqliteLock(const SqliteLock&) = delete;
  SqliteLock& operator=(const SqliteLock&) = delete;

  void release() { execute("ROLLBACK"); }

 private:
  void execute(const char* sql) {
    if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(connection_));
  }

  sqlite3* connection_ = nullptr;
};

}  // namespace ubiety::test
