#include "storage/postgres/connection.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "storage/postgres/result.hpp"

namespace ubiety::postgres {
namespace {

struct Parameter {
  std::string_view name, value;
};

// tcp_user_timeout and keepalives find a peer that vanished without a word.
constexpr std::array<Parameter, 7> default_parameters{{{"connect_timeout", "2"},
                                                       {"tcp_user_timeout", "10000"},
                                                       {"keepalives_idle", "5"},
                                                       {"keepalives_interval", "2"},
                                                       {"keepalives_count", "3"},
                                                       {"client_encoding", "UTF8"},
                                                       {"application_name", "ubietyd"}}};

// A 200 says that the commit is on the disk: a server or role that is set to synchronous_commit=off would make a lie of
// it. The stronger settings (remote_apply and so on) are left as they are.
constexpr const char* set_up = R"sql(
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
  SET statement_timeout = '30s';
  SET lock_timeout = '10s';
  SET idle_in_transaction_session_timeout = '60s';
  SET TimeZone = 'UTC';
)sql";

constexpr std::chrono::seconds set_up_limit{2};  // as connect_timeout

// pg_terminate_backend that waits came with 14.
constexpr int oldest_version = 140'000;

constexpr const char* select_settings = R"sql(
  SELECT current_setting('server_version_num')::int, current_setting('server_version'),
         current_setting('fsync')::bool, current_setting('full_page_writes')::bool,
         pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool,
         pg_backend_pid(), (SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()))sql";

constexpr const char* read_only_transaction = "25006";

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

std::string with_timeouts(const std::string& url) {
  std::string result = url;
  for (const auto& [name, value] : default_parameters) {
    const auto query = result.find('?');
    if (query != std::string::npos && result.find(std::string(name) + "=", query) != std::string::npos) continue;
    result.append(query == std::string::npos ? "?" : "&").append(name).append("=").append(value);
  }
  return result;
}

Connection::Connection(const std::string& url, Watchdog* watchdog) : OpenConnection(with_timeouts(url)) {
  std::optional<CallLimit> limit;
  if (watchdog != nullptr) {
    socket_.emplace(*watchdog, PQsocket(handle()));
    limit.emplace(*socket_, set_up_limit);
  }
  run(set_up);
  look_at_server();
}

void Connection::look_at_server() {
  pqxx::nontransaction transaction(*this);
  const auto row = transaction.exec1(select_settings);
  if (row[0].as<int>() < oldest_version)
    throw UnfitServer("PostgreSQL " + row[1].as<std::string>() + " is too old: 14 is the least");
  if (!row[2].as<bool>()) throw UnfitServer("fsync is off: what is committed could be lost, and a 200 would be a lie");
  if (!row[3].as<bool>())
    throw UnfitServer("full_page_writes is off: what is committed could be lost, and a 200 would be a lie");
  if (row[4].as<bool>()) throw SqlError(read_only_transaction, "the server is read-only: a standby, or set to be so");
  backend_ = {row[5].as<int>(), row[6].as<std::string>()};
}

void Connection::run(const char* sql) { check(handle(), ResultHandle(PQexec(handle(), sql))); }

StoreFailure failure_of(const UnfitServer& error) { return {StoreFailure::Kind::rejected, one_line(error.what())}; }

StoreFailure failure_of(const BadRow& error) { return {StoreFailure::Kind::rejected, one_line(error.what())}; }

StoreFailure failure_of(const SqlError& error) {
  // Classes 22 and 23: a value is not storable, or breaks a constraint.
  const auto& state = error.state();
  const bool rejected = state.starts_with("22") || state.starts_with("23");
  return {rejected ? StoreFailure::Kind::rejected : StoreFailure::Kind::unavailable, one_line(error.what())};
}

StoreFailure failure_of(const std::exception& error) {
  return {StoreFailure::Kind::unavailable, one_line(error.what())};
}

}  // namespace ubiety::postgres
