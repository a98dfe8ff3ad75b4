// SQLite's C interface with C++ lifetimes, and a connection with the settings on which durability depends. A Database
// and its Statements belong to one thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "storage/sqlite/store_file.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

// A call to SQLite that failed.
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

  // Runs statements without parameters and rows. Throws Error.
  void execute(const char* sql) const;

  sqlite3* handle() const { return handle_.get(); }

  // Notes which files are open, so that a later change shows. Call it in WAL mode and after a first read.
  void note_place();
  // See FilePlace::change. Also nullopt before note_place().
  std::optional<std::string> change_of_place() const { return place_ ? place_->change() : std::nullopt; }
  // Throws Error after such a change: the commit is not in the file that the next start will open.
  void expect_in_place() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::optional<FilePlace> place_;
};

// A prepared statement. Parameters are numbered from 1, columns from 0, as in SQLite. Calls throw Error.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view value);  // not copied: it has to outlive the run
  Statement& bind_or_null(int parameter, std::optional<std::int64_t> value);
  Statement& bind_blob(int parameter, std::string_view bytes);  // not copied either

  // Moves to the next row. Returns false if there is none; the statement can then be bound again.
  bool next();
  // Runs a statement whose rows, if any, are not needed.
  void run() {
    while (next()) {
    }
  }

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  bool is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }

  // Ends a run before its last row.
  void reset() { sqlite3_reset(handle_.get()); }

 private:
  void check(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// Runs a statement that returns one row with one integer. Throws Error.
std::int64_t single_integer(Statement& statement);
std::int64_t single_integer(const Database& database, std::string_view sql);

// A statement that is prepared at its first use, because before the first migration there are no tables. The database
// must not be moved.
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

// A snapshot of all tables: until it is destroyed, reads see the state at the first of them.
class Snapshot {
 public:
  explicit Snapshot(Database& database) : database_(database) { database_.execute("BEGIN"); }
  ~Snapshot() { sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Database& database_;
};

// A transaction that its destructor rolls back unless it was committed. commit() throws if the database's path leads to
// another file by then.
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

// Lets commits return before they are on the disk, until it is destroyed. A power failure takes such a commit only
// together with all later ones, and a later commit with a sync syncs earlier ones too. So these are for work that can
// be done again.
class WithoutSync {
 public:
  explicit WithoutSync(Database& database) : database_(database) { database_.execute("PRAGMA synchronous = NORMAL"); }
  ~WithoutSync() { sqlite3_exec(database_.handle(), "PRAGMA synchronous = FULL", nullptr, nullptr, nullptr); }
  WithoutSync(const WithoutSync&) = delete;
  WithoutSync& operator=(const WithoutSync&) = delete;

 private:
  Database& database_;
};

// Opens the database, or creates it, with the settings on which durability depends. Throws Error.
Database connect(const std::string& path);
// The same, but throws Error if the file does not exist.
Database connect_to_existing(const std::string& path);

StoreFailure failure_of(const Error& error);

template <class Value>
struct ResultOf {
  using Type = StoreResult<Value>;
};
template <class Value>
struct ResultOf<StoreResult<Value>> {
  using Type = StoreResult<Value>;
};

// Returns what `action` returns, or the Error that it throws as a failure.
template <class Action>
auto guarded(Action action) -> typename ResultOf<decltype(action())>::Type {
  try {
    return action();
  } catch (const Error& error) {
    return Failure{failure_of(error)};
  }
}

}  // namespace ubiety::sqlite
