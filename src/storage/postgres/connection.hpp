// A connection to PostgreSQL over libpq, on which a commit is durable. One thread.
#pragma once

#include <libpq-fe.h>

#include <exception>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/demands.hpp"
#include "storage/postgres/parameter.hpp"
#include "storage/postgres/rows.hpp"
#include "storage/postgres/sql_error.hpp"
#include "storage/postgres/watchdog.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// The server's process behind a connection.
struct Backend {
  int pid = 0;
  std::string started;  // as the server writes it
};

using Parameters = std::initializer_list<Parameter>;

class Connection final {
 public:
  // Connects with connection_string(url) and the settings of session_settings. With a watchdog, which must
  // outlive the connection, calls can be limited. Throws SqlError, also when the server is read-only, and UnfitServer.
  explicit Connection(const std::string& url, Watchdog* watchdog = nullptr, Demands demands = {});

  // Asks the server. Throws SqlError, and UnfitServer when the server would lose what it commits.
  void expect_durable();

  const Backend& backend() const { return backend_; }

  // libpq's own handle, for COPY.
  PGconn* handle() const { return handle_.get(); }

  // Runs one statement or several, without parameters and rows. Throws SqlError.
  void run(const char* statements);

  // Runs one statement and returns its rows, with values as text. Throws SqlError.
  Rows query(const char* statement, Parameters parameters = {});

  // The same for a statement that is planned once and run often, under a name of this connection. The rows of
  // query_binary are in PostgreSQL's binary formats. Throw SqlError.
  void prepare(const std::string& name, const std::string& statement);
  Rows query_prepared(const std::string& name, Parameters parameters);
  Rows query_binary(const std::string& name, Parameters parameters);

  // What limits calls; nullptr without a watchdog.
  WatchedSocket* socket() { return socket_ ? &*socket_ : nullptr; }

 private:
  struct Finish {
    void operator()(PGconn* handle) const { PQfinish(handle); }
  };

  void connect(const std::string& url);
  void look_at_server();
  Rows run_prepared(const std::string& name, Parameters parameters, int format);

  const Demands demands_;
  std::unique_ptr<PGconn, Finish> handle_;
  std::optional<WatchedSocket> socket_;
  Backend backend_;
};

// Statements that set what every session needs: durable commits, limits for statements and locks, UTC.
extern const char* const session_settings;

// What PQconnectdb takes for this DATABASE_URL, with time-outs. Throws UnfitServer for a URL that libpq cannot parse.
std::string connection_string(const std::string& url);

StoreFailure failure_of(const UnfitServer& error);
StoreFailure failure_of(const BadRow& error);
StoreFailure failure_of(const SqlError& error);

// Returns what `action` returns. What `action` throws because of the database is returned as a failure.
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

}  // namespace ubiety::postgres
