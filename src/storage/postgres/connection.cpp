#include "storage/postgres/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/postgres/connection_parameters.hpp"

namespace ubiety::postgres {
namespace {

constexpr std::chrono::seconds set_up_limit{2};  // as connect_timeout

// The first with a pg_terminate_backend that waits.
constexpr int oldest_version = 140'000;

constexpr const char* select_durability =
    "SELECT current_setting('fsync')::bool, current_setting('full_page_writes')::bool";

constexpr const char* select_settings = R"sql(
  SELECT current_setting('server_version_num')::int, current_setting('server_version'),
         pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool,
         pg_backend_pid(), (SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()))sql";

// A server that refuses a connection does so immediately.
constexpr std::chrono::milliseconds refusal_limit{500};

enum ResultFormat { text_result = 0, binary_result = 1 };  // libpq's numbers

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

bool waits_for_socket(PostgresPollingStatusType status) {
  return status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING;
}

// Connects again, with errors in the form "FATAL:  53300". Returns the SQLSTATE; empty if there is none, or if no
// server answers in time.
std::string state_of_refusal(PGconn* handle) {
  PQsetErrorVerbosity(handle, PQERRORS_SQLSTATE);
  if (PQresetStart(handle) == 0) return {};
  const auto deadline = std::chrono::steady_clock::now() + refusal_limit;
  auto status = PGRES_POLLING_WRITING;
  while (waits_for_socket(status)) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd socket{PQsocket(handle), static_cast<short>(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    if (left.count() <= 0 || ::poll(&socket, 1, static_cast<int>(left.count())) <= 0) return {};
    status = PQresetPoll(handle);
  }
  PQsetErrorVerbosity(handle, PQERRORS_DEFAULT);
  const auto message = one_line(PQerrorMessage(handle));
  constexpr std::size_t state_length = 5;
  const auto severity_ends = message.rfind(":  ");
  if (severity_ends == std::string::npos || message.size() != severity_ends + 3 + state_length) return {};
  return message.substr(severity_ends + 3);
}

// Reads results until the server is ready for the next statement. Returns the first, which has the outcome.
ResultHandle finish(PGconn* handle) {
  ResultHandle outcome(PQgetResult(handle));
  while (PGresult* rest = PQgetResult(handle)) PQclear(rest);
  return outcome;
}

// Parameters as PQexecParams takes them.
struct ParameterArrays {
  std::vector<const char*> values;
  std::vector<Oid> types;
  std::vector<int> sizes, formats;

  explicit ParameterArrays(Parameters parameters) {
    for (const auto& parameter : parameters) {
      values.push_back(parameter.value());
      types.push_back(parameter.type());
      sizes.push_back(parameter.size());
      formats.push_back(parameter.format());
    }
  }
  int count() const { return static_cast<int>(values.size()); }
};

}  // namespace

// A 200 promises that the commit is on the disk, so a synchronous_commit that a server or role has turned off is turned
// on. Stronger settings, such as remote_apply, stay. With the tcp_… settings the server ends a session about 3 seconds
// after the client's machine is gone, and so releases the lock by which the session owned the store.
const char* const session_settings = R"sql(
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
  SET statement_timeout = '30s';
  SET lock_timeout = '10s';
  SET idle_in_transaction_session_timeout = '60s';
  SET TimeZone = 'UTC';
  SET tcp_keepalives_idle = 1;
  SET tcp_keepalives_interval = 1;
  SET tcp_keepalives_count = 2;
  SET tcp_user_timeout = '3s';
)sql";

std::string connection_string(const std::string& url) {
  const auto parameters = parse_connection_parameters(url);
  if (!parameters) throw UnfitServer(parameters.error());
  return connection_string(*parameters);
}

Connection::Connection(const std::string& url, Watchdog* watchdog, Demands demands) : demands_(demands) {
  connect(connection_string(url));
  PQsetNoticeReceiver(handle(), note_canceled_wait, this);
  std::optional<CallLimit> limit;
  if (watchdog != nullptr) {
    socket_.emplace(*watchdog, PQsocket(handle()));
    limit.emplace(*socket_, set_up_limit);
  }
  run(session_settings);
  look_at_server();
}

// PQconnectdb does not report the SQLSTATE of a refused connection. A second attempt does, and it may succeed.
void Connection::connect(const std::string& url) {
  const auto began = std::chrono::steady_clock::now();
  handle_.reset(PQconnectdb(url.c_str()));
  if (PQstatus(handle()) == CONNECTION_OK) return;
  const std::string message = PQerrorMessage(handle());
  const bool was_quick = std::chrono::steady_clock::now() - began < refusal_limit;
  const auto state = was_quick ? state_of_refusal(handle()) : std::string();
  if (PQstatus(handle()) == CONNECTION_OK) return;
  throw SqlError(state, message);
}

void Connection::expect_durable() {
  const auto rows = query(select_durability);
  const auto row = rows[0];
  if (!row.boolean(0)) throw UnfitServer("fsync is off: a commit that a 200 has acknowledged could be lost");
  if (!row.boolean(1) && demands_.full_page_writes)
    throw UnfitServer(
        "full_page_writes is off: a commit that a 200 has acknowledged could be lost. On a file system that never "
        "tears a page, such as ZFS, set FULL_PAGE_WRITES=false");
}

void Connection::look_at_server() {
  const auto rows = query(select_settings);
  const auto row = rows[0];
  if (row.number(0) < oldest_version)
    throw UnfitServer("PostgreSQL " + row.text(1) + " is too old: 14 or later is needed");
  expect_durable();
  if (row.boolean(2))
    throw SqlError(sqlstate::read_only_transaction, "the server is read-only: it is a standby, or configured so");
  backend_ = {static_cast<int>(row.number(3)), row.text(4)};
}

// A person can cancel the wait for the synchronous standby (pg_cancel_backend). The statement then succeeds, and only a
// warning says that a promotion may lose the commit. Its text depends on the server's language, its source file does
// not. This function also keeps notices from standard error, where libpq writes them by default.
void Connection::note_canceled_wait(void* connection, const PGresult* notice) {
  const char* file = PQresultErrorField(notice, PG_DIAG_SOURCE_FILE);
  if (file != nullptr && std::string_view(file).ends_with("syncrep.c"))
    static_cast<Connection*>(connection)->wait_was_canceled_ = true;
}

ResultHandle Connection::checked(PGresult* result) {
  auto good = check(handle(), ResultHandle(result));
  if (wait_was_canceled_) throw SqlError("", "the wait for the synchronous standby was canceled");
  return good;
}

// A pooler names a process of its own at the start of a connection. In transaction mode it hands out the same session
// to two connections in turn, while a session pool never does. Other clients of the pool may come in between, hence the
// repetitions.
void Connection::expect_session(const std::string& url) {
  if (PQbackendPID(handle()) == backend_.pid) return;
  const std::unique_ptr<PGconn, Finish> other(PQconnectdb(connection_string(url).c_str()));
  if (PQstatus(other.get()) != CONNECTION_OK) return;  // a session pool whose sessions are all in use
  constexpr int repetitions = 20;
  for (int i = 0; i < repetitions; ++i) {
    const auto own = query("SELECT pg_backend_pid()")[0].number(0);
    const Rows others(check(other.get(), ResultHandle(PQexec(other.get(), "SELECT pg_backend_pid()"))));
    if (own != backend_.pid || own == others[0].number(0))
      throw UnfitServer(
          "DATABASE_URL leads to a pooler in transaction or statement mode, in which no process can own the store: "
          "use a pool in session mode, or connect to PostgreSQL directly");
  }
}

void Connection::run(const char* statements) { checked(PQexec(handle(), statements)); }

Rows Connection::query(const char* statement, Parameters parameters) {
  return run_with(statement, parameters, text_result);
}

Rows Connection::query_as_binary(const char* statement, Parameters parameters) {
  return run_with(statement, parameters, binary_result);
}

Rows Connection::run_with(const char* statement, Parameters parameters, int format) {
  const ParameterArrays arrays(parameters);
  return Rows(checked(PQexecParams(handle(), statement, arrays.count(), arrays.types.data(), arrays.values.data(),
                                   arrays.sizes.data(), arrays.formats.data(), format)));
}

void Connection::prepare(const std::string& name, const std::string& statement) {
  checked(PQprepare(handle(), name.c_str(), statement.c_str(), 0, nullptr));
}

Rows Connection::query_prepared(const std::string& name, Parameters parameters) {
  return run_prepared(name, parameters, text_result);
}

Rows Connection::query_binary(const std::string& name, Parameters parameters) {
  return run_prepared(name, parameters, binary_result);
}

Rows Connection::query_often(const char* statement, Parameters parameters) {
  auto known = often_.find(statement);
  if (known == often_.end()) {
    const auto name = "often_" + std::to_string(often_.size());
    prepare(name, statement);
    known = often_.emplace(statement, name).first;
  }
  return query_prepared(known->second, parameters);
}

void Connection::forget_statements() {
  often_.clear();
  run("DEALLOCATE ALL");
}

Rows Connection::run_prepared(const std::string& name, Parameters parameters, int format) {
  const ParameterArrays arrays(parameters);
  return Rows(checked(PQexecPrepared(handle(), name.c_str(), arrays.count(), arrays.values.data(), arrays.sizes.data(),
                                     arrays.formats.data(), format)));
}

std::size_t Connection::copy_in(const char* statement, const std::string& rows) {
  run(statement);
  if (PQputCopyData(handle(), rows.data(), static_cast<int>(rows.size())) != 1 || PQputCopyEnd(handle(), nullptr) != 1)
    fail(handle(), nullptr);
  return Rows(checked(finish(handle()).release())).affected();
}

void Connection::copy_out(const char* statement, const std::function<void(std::string_view piece)>& take) {
  run(statement);
  char* piece = nullptr;
  int size = 0;
  while ((size = PQgetCopyData(handle(), &piece, 0)) > 0) {
    const std::unique_ptr<char, decltype(&PQfreemem)> owner(piece, &PQfreemem);
    take({piece, static_cast<std::size_t>(size)});
  }
  checked(finish(handle()).release());
}

StoreFailure failure_of(const UnfitServer& error) { return {StoreFailure::Kind::rejected, one_line(error.what())}; }

StoreFailure failure_of(const BadRow& error) { return {StoreFailure::Kind::rejected, one_line(error.what())}; }

StoreFailure failure_of(const SqlError& error) {
  using Kind = StoreFailure::Kind;
  // Classes 22 and 23: a value cannot be stored, or violates a constraint.
  const auto& state = error.state();
  const bool is_rejected = state.starts_with("22") || state.starts_with("23");
  const auto kind = is_rejected                               ? Kind::rejected
                    : state == sqlstate::too_many_connections ? Kind::no_connection_left
                                                              : Kind::unavailable;
  return {kind, one_line(error.what())};
}

std::optional<std::string> unless_damaged(Connection& connection, const std::function<void()>& action) {
  connection.run("SAVEPOINT before_damage");
  try {
    action();
    connection.run("RELEASE before_damage");
    return std::nullopt;
  } catch (const SqlError& error) {
    if (!error.state().starts_with(sqlstate::damaged_class)) throw;
    connection.run("ROLLBACK TO before_damage; RELEASE before_damage");
    return one_line(error.what());
  }
}

}  // namespace ubiety::postgres
