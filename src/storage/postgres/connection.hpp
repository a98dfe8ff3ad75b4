// A libpqxx connection that also gives its libpq handle, for binary COPY, which libpqxx 6 does not have. One thread.
#pragma once

#include <pqxx/pqxx>

#include <optional>
#include <string>

#include "storage/postgres/binary_format.hpp"
#include "storage/postgres/watchdog.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// A statement that the server or the connection did not carry out, with its SQLSTATE, empty when the connection is
// lost.
class SqlError : public std::runtime_error {
 public:
  SqlError(std::string state, const std::string& message) : std::runtime_error(message), state_(std::move(state)) {}

  const std::string& state() const { return state_; }

 private:
  std::string state_;
};

// A server on which a 200 would be a lie, or that is too old. Nothing but its configuration can change that.
class UnfitServer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The server's process behind a connection.
struct Backend {
  int pid = 0;
  std::string started;  // as the server writes it
};

class HandlePolicy final : public pqxx::connectionpolicy {
 public:
  using connectionpolicy::connectionpolicy;

  handle do_startconnect(handle original) override { return handle_ = normalconnect(original); }
  handle current() const { return handle_; }

 private:
  handle handle_ = nullptr;
};

// What HandlePolicy lives in: a base class, so that it is there before connection_base and after it.
struct HandlePolicyHolder {
  explicit HandlePolicyHolder(const std::string& url) : policy_(url) {}
  HandlePolicy policy_;
};

// Closes what connection_base only opens. A base class of Connection, so that one whose constructor throws is closed
// too.
class OpenConnection : private HandlePolicyHolder, public pqxx::connection_base {
 public:
  OpenConnection(const OpenConnection&) = delete;
  OpenConnection& operator=(const OpenConnection&) = delete;

  // libpq's, for what libpqxx does not have.
  pqxx::internal::pq::PGconn* handle() const { return policy_.current(); }

 protected:
  explicit OpenConnection(const std::string& url) : HandlePolicyHolder(url), pqxx::connection_base(policy_) { init(); }
  ~OpenConnection() { close(); }
};

class Connection final : public OpenConnection {
 public:
  // Connects with time-outs, and sets what the promise rests on. With a watchdog, which outlives it, calls can be
  // limited. Throws pqxx::failure, SqlError when the server takes no writes, and UnfitServer.
  explicit Connection(const std::string& url, Watchdog* watchdog = nullptr);

  const Backend& backend() const { return backend_; }

  // Runs statements that give no rows. Throws SqlError.
  void run(const char* sql);

  // What limits calls; nullptr without a watchdog.
  WatchedSocket* socket() { return socket_ ? &*socket_ : nullptr; }

 private:
  void look_at_server();

  std::optional<WatchedSocket> socket_;
  Backend backend_;
};

// The URL with time-outs for everything for which libpq waits for ever by default, unless it names them itself.
std::string with_timeouts(const std::string& url);

StoreFailure failure_of(const UnfitServer& error);
StoreFailure failure_of(const BadRow& error);
StoreFailure failure_of(const SqlError& error);
StoreFailure failure_of(const std::exception& error);

// Gives what `action` gives, what it throws for the database's sake as a failure.
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
  } catch (const pqxx::sql_error& error) {
    return Failure{failure_of(SqlError(error.sqlstate(), error.what()))};
  } catch (const pqxx::failure& error) {
    return Failure{failure_of(error)};
  } catch (const pqxx::usage_error& error) {  // libpqxx's answer to a connection that broke in between
    return Failure{failure_of(error)};
  }
}

}  // namespace ubiety::postgres
