// SQLite's C interface with C++ lifetimes. A Database and its Statements belong to one thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "storage/sqlite/file_place.hpp"

namespace ubiety::sqlite {

// A call that SQLite did not carry out.
class Error : public std::runtime_error {
 public:
  Error(int code, const std::string& message) : std::runtime_error(message), code_(code) {}

  // The primary result code: SQLITE_BUSY, SQLITE_FULL, ...
  int code() const { return code_ & 0xFF; }

 private:
  int code_;
};

class Database {
 public:
  enum class IfMissing : std::uint8_t { make, fail };

  // Opens the file.
  explicit Database(const std::string& path, IfMissing missing = IfMissing::make);
  ~Database();
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) = delete;

  // Runs statements that give no rows.
  void execute(const char* sql) const;

  sqlite3* handle() const { return handle_.get(); }

  // Notes which files are open, in WAL mode and after a first read: from here on it shows when they change their place.
  void note_place();
  // See FilePlace::change; nullopt too while no place was noted.
  std::optional<std::string> change_of_place() const { return place_ ? place_->change() : std::nullopt; }
  // Throws when there is such a change: what was committed is then not in the file that the next start opens.
  void expect_in_place() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::optional<FilePlace> place_;
};

// A prepared statement. Parameters are numbered from 1, columns from 0, as SQLite does.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view value);  // kept by reference until the next step is done

  Statement& bind_blob(int parameter, std::string_view bytes);  // by reference likewise

  // Moves on to the next row; false when there is none, and the statement is then ready to be bound again.
  bool next();
  // For statements that give no rows.
  void run() {
    while (next()) {
    }
  }

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  bool is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }

  // Ends a run early.
  void reset() { sqlite3_reset(handle_.get()); }

 private:
  void check(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// A statement that is prepared at its first use: before the first migration there are no tables. The database has to
// stay where it is.
class PreparedOnUse {
 public:
  PreparedOnUse(const Database& database, std::string_view sql) : database_(database), sql_(sql) {}

  Statement& operator*() {
    if (!statement_) statement_.emplace(database_, sql_);
    return *statement_;
  }
  Statement* operator->() { return &**this; }

 private:
  const Database& database_;
  const std::string_view sql_;
  std::optional<Statement> statement_;
};

// One view of all tables for as long as it lives, from the first read on.
class Snapshot {
 public:
  explicit Snapshot(Database& database) : database_(database) { database_.execute("BEGIN"); }
  ~Snapshot() { sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database& database_;
};

// Takes everything back when it goes without a commit. A commit is one to the file that the database's path leads to.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(&database) { database.execute("BEGIN IMMEDIATE"); }
  ~Transaction() {
    if (database_ != nullptr) sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() {
    const auto* database = std::exchange(database_, nullptr);
    database->execute("COMMIT");
    database->expect_in_place();
  }

 private:
  Database* database_;
};

}  // namespace ubiety::sqlite
