#include "storage/postgres/ownership.hpp"

#include <chrono>
#include <utility>

#include "storage/postgres/store.hpp"

namespace ubiety::postgres {
namespace {

// The schema that holds the tables, or will hold them.
constexpr const char* select_schema = R"sql(
  SELECT coalesce((SELECT relnamespace FROM pg_class WHERE oid = to_regclass('device_status')),
                  (SELECT oid FROM pg_namespace WHERE nspname = current_schema())))sql";

constexpr const char* lock_epoch = "SELECT FROM store_owner WHERE epoch = $1 FOR SHARE";

constexpr const char* try_lock = "SELECT pg_try_advisory_lock($1)";

constexpr const char* find_table = "SELECT to_regclass('store_owner') IS NOT NULL";

constexpr const char* select_owner = R"sql(
  SELECT epoch, host, pid, (extract(epoch FROM since) * 1000000)::bigint FROM store_owner)sql";

constexpr const char* raise_epoch = R"sql(
  UPDATE store_owner SET epoch = epoch + 1, host = $1, pid = $2, since = $3 RETURNING epoch)sql";

constexpr const char* close_streams = "UPDATE node_stream SET open = false WHERE open";

// Transactions of earlier owners end by themselves, unless their machine or network is gone: then their backends are
// terminated. Each has locked a row, and so holds this lock on the row's table.
constexpr const char* wait_shortly = "SET LOCAL lock_timeout = '1s'";
constexpr const char* end_holders = R"sql(
  SELECT pg_terminate_backend(pid, 2000) FROM pg_locks
  WHERE locktype = 'relation' AND relation IN ('store_owner'::regclass, 'node_stream'::regclass)
    AND mode IN ('RowShareLock', 'RowExclusiveLock') AND granted AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))sql";

constexpr std::chrono::seconds take_over_limit{10};

// Throws SqlError if the connection's search_path contains no existing schema.
std::int64_t key_of_lock(Connection& connection) {
  const auto rows = connection.query(select_schema);
  if (rows[0].is_null(0)) throw SqlError("", "no schema of the search_path exists");
  return (std::int64_t{owner_lock} << 32) | rows[0].number(0);
}

}  // namespace

void OwnerEpoch::expect_taken_over() const {
  if (get() == 0) throw SqlError("", "this process does not own the store");
}

void OwnerEpoch::lock(Connection& connection) const {
  expect_taken_over();
  if (connection.query(lock_epoch, {get()}).empty()) throw SqlError("", "another process took over the store");
}

template <class Action>
auto DatabaseOwnership::use_connection(Action action) -> StoreResult<decltype(action())> {
  auto outcome = guarded([&] {
    if (!connection_) connect();
    return action();
  });
  if (outcome) return outcome;
  // The backend may outlive its connection and still hold the lock that the next connection needs.
  if (connection_ && has_lock_) context_.abandoned.add(connection_->backend());
  has_lock_ = false;
  connection_.reset();
  return outcome;
}

void DatabaseOwnership::connect() {
  connection_.emplace(context_.url, &context_.watchdog, context_.demands);
  const CallLimit limit(*connection_->socket(), context_.call_limit);
  connection_->expect_session(context_.url);
  context_.abandoned.end_all(*connection_);
}

StoreResult<Claim> DatabaseOwnership::claim() {
  return use_connection([&] {
    const CallLimit limit(*connection_->socket(), context_.call_limit);
    return look_for_owner();
  });
}

Claim DatabaseOwnership::look_for_owner() {
  if (has_lock_) {
    connection_->run("SELECT 1");
    return {};
  }
  const auto key = key_of_lock(*connection_);
  has_lock_ = connection_->query(try_lock, {key})[0].boolean(0);
  if (!has_lock_) return {.outcome = Claim::Outcome::others, .other = recorded_owner()};
  if (context_.epoch.get() == 0 || connection_->query(select_owner)[0].number(0) == context_.epoch.get()) return {};
  return {.outcome = Claim::Outcome::lost, .reason = "in the meantime it was owned by " + to_text(recorded_owner())};
}

Owner DatabaseOwnership::recorded_owner() {
  if (!connection_->query(find_table)[0].boolean(0)) return {};
  const auto rows = connection_->query(select_owner);
  return {.host = rows[0].text(1), .pid = rows[0].number(2), .since = {rows[0].number(3)}};
}

StoreResult<Done> DatabaseOwnership::take_over(Timestamp now) {
  return use_connection([&] {
    const CallLimit limit(*connection_->socket(), take_over_limit);
    if (!has_lock_) throw SqlError("", "the connection that owned the store was lost");
    const auto process = this_process(now);
    const auto raised = run_after_earlier_owners(raise_epoch, {process.host, process.pid, now});
    const auto epoch = raised[0].number(0);
    run_after_earlier_owners(close_streams, {});
    context_.epoch.set(epoch);
    return Done{};
  });
}

Rows DatabaseOwnership::run_after_earlier_owners(const char* statement, Parameters parameters) {
  try {
    Transaction transaction(*connection_);
    connection_->run(wait_shortly);
    auto rows = connection_->query(statement, parameters);
    transaction.commit();
    return rows;
  } catch (const SqlError& error) {
    if (error.state() != sqlstate::lock_not_available) throw;
  }
  connection_->query(end_holders);
  return connection_->query(statement, parameters);
}

}  // namespace ubiety::postgres
