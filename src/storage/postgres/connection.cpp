#include "storage/postgres/connection.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/postgres/connection_parameters.hpp"

namespace ubiety::postgres {
namespace {

constexpr std::chrono::seconds set_up_limit{2};  // as connect_timeout

// pg_terminate_backend that waits came with 14.
constexpr int oldest_version = 140'000;

constexpr const char* select_settings = R"sql(
  SELECT current_setting('server_version_num')::int, current_setting('server_version'),
         current_setting('fsync')::bool, current_setting('full_page_writes')::bool,
         pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool,
         pg_backend_pid(), (SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()))sql";

constexpr const char* read_only_transaction = "25006";

enum ResultFormat { text_result = 0, binary_result = 1 };  // libpq's numbers

// libpq writes notices to standard error, where only lines of the log belong.
void ignore_notice(void*, const char*) {}

std::vector<const char*> texts_of(Parameters parameters) {
  std::vector<const char*> texts;
  texts.reserve(parameters.size());
  for (const auto& parameter : parameters) texts.push_back(parameter.text());
  return texts;
}

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

// A 200 says that the commit is on the disk. A server or role may be set to synchronous_commit=off, under which a
// commit can be lost. The stronger settings (remote_apply and so on) are left as they are. With tcp_… the server ends a
// session about 3 seconds after the client's machine is gone: its locks say who owns the store.
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

Connection::Connection(const std::string& url, Watchdog* watchdog)
    : handle_(PQconnectdb(connection_string(url).c_str())) {
  if (PQstatus(handle()) != CONNECTION_OK) fail(handle(), nullptr);
  PQsetNoticeProcessor(handle(), ignore_notice, nullptr);
  std::optional<CallLimit> limit;
  if (watchdog != nullptr) {
    socket_.emplace(*watchdog, PQsocket(handle()));
    limit.emplace(*socket_, set_up_limit);
  }
  run(session_settings);
  look_at_server();
}

void Connection::look_at_server() {
  const auto rows = query(select_settings);
  const auto row = rows[0];
  if (row.number(0) < oldest_version) throw UnfitServer("PostgreSQL " + row.text(1) + " is too old: 14 is the least");
  if (!row.boolean(2)) throw UnfitServer("fsync is off: what is committed could be lost, and a 200 would be a lie");
  if (!row.boolean(3))
    throw UnfitServer("full_page_writes is off: what is committed could be lost, and a 200 would be a lie");
  if (row.boolean(4)) throw SqlError(read_only_transaction, "the server is read-only: a standby, or set to be so");
  backend_ = {static_cast<int>(row.number(5)), row.text(6)};
}

void Connection::run(const char* statements) { check(handle(), ResultHandle(PQexec(handle(), statements))); }

Rows Connection::query(const char* statement, Parameters parameters) {
  const auto texts = texts_of(parameters);
  return Rows(check(handle(), ResultHandle(PQexecParams(handle(), statement, static_cast<int>(texts.size()), nullptr,
                                                        texts.data(), nullptr, nullptr, text_result))));
}

void Connection::prepare(const std::string& name, const std::string& statement) {
  check(handle(), ResultHandle(PQprepare(handle(), name.c_str(), statement.c_str(), 0, nullptr)));
}

Rows Connection::query_prepared(const std::string& name, Parameters parameters) {
  return run_prepared(name, parameters, text_result);
}

Rows Connection::query_binary(const std::string& name, Parameters parameters) {
  return run_prepared(name, parameters, binary_result);
}

Rows Connection::run_prepared(const std::string& name, Parameters parameters, int format) {
  const auto texts = texts_of(parameters);
  return Rows(check(handle(), ResultHandle(PQexecPrepared(handle(), name.c_str(), static_cast<int>(texts.size()),
                                                          texts.data(), nullptr, nullptr, format))));
}

StoreFailure failure_of(const UnfitServer& error) { return {StoreFailure::Kind::rejected, one_line(error.what())}; }

StoreFailure failure_of(const BadRow& error) { return {StoreFailure::Kind::rejected, one_line(error.what())}; }

StoreFailure failure_of(const SqlError& error) {
  // Classes 22 and 23: a value is not storable, or breaks a constraint.
  const auto& state = error.state();
  const bool rejected = state.starts_with("22") || state.starts_with("23");
  return {rejected ? StoreFailure::Kind::rejected : StoreFailure::Kind::unavailable, one_line(error.what())};
}

}  // namespace ubiety::postgres
