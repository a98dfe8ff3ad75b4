// A connection to PostgreSQL over libpq on which a commit is durable, its time limits and its transactions. One thread.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/values.hpp"
#include "storage/postgres/watchdog.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// The server settings without which a commit is not durable. fsync is always demanded.
struct Demands {
  bool full_page_writes = true;  // false where the file system never tears a page
};

using Parameters = std::initializer_list<Parameter>;

class Connection final {
 public:
  // Connects with connection_string(url) and applies session_settings. A watchdog, which must outlive the connection,
  // allows calls to be limited. Throws UnfitServer, and SqlError, also if the server is read-only.
  explicit Connection(const std::string& url, Watchdog* watchdog = nullptr, Demands demands = {});

  // The calls below that run statements throw SqlError, also if a commit did not wait for the synchronous standby.

  // Asks the server. Throws SqlError, and UnfitServer if the server could lose commits.
  void expect_durable();

  // Throws UnfitServer if a pooler gives each transaction any session: ownership of the store and the migrations' lock
  // belong to a session. Opens another connection for a moment if there is a pooler. Throws SqlError.
  void expect_session(const std::string& url);

  const Backend& backend() const { return backend_; }

  // Runs one statement or several, without parameters and rows. Throws SqlError.
  void run(const char* statements);

  // Runs one statement and returns its rows, with values as text. Throws SqlError.
  Rows query(const char* statement, Parameters parameters = {});

  // The same for a statement that is prepared once, under a name, and run often on this connection. query_binary()
  // returns rows in PostgreSQL's binary formats. All throw SqlError.
  void prepare(const std::string& name, const std::string& statement);
  Rows query_prepared(const std::string& name, Parameters parameters);
  Rows query_binary(const std::string& name, Parameters parameters);

  // Like query(), for a constant that this connection runs often: the server parses it once.
  Rows query_often(const char* statement, Parameters parameters);

  // Forgets all prepared statements.
  void forget_statements();

  // Like query(), with values in PostgreSQL's binary formats.
  Rows query_as_binary(const char* statement, Parameters parameters);

  // Sends rows in PostgreSQL's binary format through a COPY … FROM STDIN (FORMAT binary). Returns the number of rows
  // that the server took. Check it: a COPY can end early and still succeed. Throws SqlError.
  std::size_t copy_in(const char* statement, const std::string& rows);

  // Passes what a COPY … TO STDOUT (FORMAT binary) sends to `take`, a row at a time. Throws SqlError.
  void copy_out(const char* statement, const std::function<void(std::string_view piece)>& take);

  // For CallLimit; nullptr without a watchdog.
  WatchedSocket* socket() { return socket_ ? &*socket_ : nullptr; }

 private:
  struct Finish {
    void operator()(PGconn* handle) const { PQfinish(handle); }
  };

  PGconn* handle() const { return handle_.get(); }
  static void note_canceled_wait(void* connection, const PGresult* notice);
  ResultHandle checked(PGresult* result);
  void connect(const std::string& url);
  void look_at_server();
  Rows run_with(const char* statement, Parameters parameters, int format);
  Rows run_prepared(const std::string& name, Parameters parameters, int format);

  const Demands demands_;
  std::unique_ptr<PGconn, Finish> handle_;
  std::optional<WatchedSocket> socket_;
  Backend backend_;
  std::map<const char*, std::string> often_;  // the names of statements that run often
  bool wait_was_canceled_ = false;
};

// Statements with which every session begins: durable commits, time limits for statements and locks, UTC.
extern const char* const session_settings;

// This DATABASE_URL for PQconnectdb, with time-outs. Throws UnfitServer if libpq cannot parse it.
std::string connection_string(const std::string& url);

StoreFailure failure_of(const UnfitServer& error);
StoreFailure failure_of(const BadRow& error);
StoreFailure failure_of(const SqlError& error);

// Returns what `action` returns, or the exception about the database that it throws as a failure.
template <class Action>
auto guarded(Action action) -> StoreResult<decltype(action())> {
  try {
    return action();
  } catch (const UnfitServer& error) {
    return Failure{failure_of(error)};
  } catch (const BadRow& error) {
    return Failure{failure_of(error)};
  } catch (const SqlError& error) {
    return Failure{failure_of(error)};
  }
}

// Like guarded(), but returns "unavailable" if `action` takes longer than `limit`. The connection has a watchdog.
template <class Action>
auto limited(Connection& connection, std::chrono::milliseconds limit, Action action)
    -> StoreResult<decltype(action())> {
  const CallLimit call(*connection.socket(), limit);
  auto outcome = guarded(action);
  if (outcome || !connection.socket()->timed_out()) return outcome;
  return Failure{StoreFailure{StoreFailure::Kind::unavailable,
                              "PostgreSQL did not answer within " + std::to_string(limit.count()) + " ms"}};
}

// Begins a transaction in which all reads see the same state.
inline constexpr const char* one_snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

// A transaction that its destructor rolls back unless it was committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection, const char* begin = "BEGIN") : connection_(&connection) {
    connection.run(begin);
  }
  ~Transaction() {
    if (connection_ == nullptr) return;
    try {
      connection_->run("ROLLBACK");
    } catch (const SqlError&) {
      // The connection is lost, and the transaction with it. The next call on the connection reports the loss.
    }
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() {
    auto* connection = connection_;
    connection_ = nullptr;
    connection->run("COMMIT");
  }

 private:
  Connection* connection_;
};

// Runs `action` in a transaction, which goes on if the action finds damaged data on the server's disk: then the reason
// is returned, and what the action did in the database is undone. Throws SqlError for other failures.
std::optional<std::string> unless_damaged(Connection& connection, const std::function<void()>& action);

}  // namespace ubiety::postgres
