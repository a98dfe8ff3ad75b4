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

// False while another process waits for the lock to take the store over.
constexpr const char* try_lock_shared = "SELECT pg_try_advisory_lock_shared($1)";

constexpr const char* select_epoch = "SELECT epoch FROM store_owner";

constexpr const char* try_lock = "SELECT pg_try_advisory_lock($1)";

constexpr const char* find_table = "SELECT to_regclass('store_owner') IS NOT NULL";

constexpr const char* select_owner = R"sql(
  SELECT epoch, host, pid, (extract(epoch FROM since) * 1000000)::bigint FROM store_owner)sql";

constexpr const char* raise_epoch = R"sql(
  UPDATE store_owner SET epoch = epoch + 1, host = $1, pid = $2, since = $3 RETURNING epoch)sql";

// Sessions of earlier owners end by themselves, unless their machine or network is gone: then they are terminated.
constexpr const char* wait_shortly = "SET lock_timeout = '1s'";
constexpr const char* wait_as_usual = "SET lock_timeout = '10s'";
constexpr const char* lock_exclusively = "SELECT pg_advisory_lock($1)";
constexpr const char* unlock = "SELECT pg_advisory_unlock($1)";
constexpr const char* end_holders = R"sql(
  SELECT pg_terminate_backend(pid, 2000) FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND objsubid = 1 AND classid = ($1::bigint >> 32)::oid AND objid = ($1::bigint & 4294967295)::oid)sql";

constexpr std::chrono::seconds take_over_limit{10};

// Throws SqlError if the connection's search_path contains no existing schema.
std::int64_t key_of(OwnerLock lock, Connection& connection) {
  const auto rows = connection.query(select_schema);
  if (rows[0].is_null(0)) throw SqlError("", "no schema of the search_path exists");
  return (static_cast<std::int64_t>(lock) << 32) | rows[0].number(0);
}

}  // namespace

void OwnerEpoch::admit(Connection& connection) const {
  const auto epoch = get();
  if (epoch == 0) throw SqlError("", "this process does not own the store");
  const auto key = key_of(OwnerLock::committers, connection);
  if (!connection.query(try_lock_shared, {key})[0].boolean(0))
    throw SqlError("", "another process is taking over the store");
  // A statement of its own, so that its snapshot is later than the lock.
  if (connection.query(select_epoch)[0].number(0) != epoch) throw SqlError("", "another process took over the store");
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
  const auto key = key_of(OwnerLock::owner, *connection_);
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
    const auto epoch = connection_->query(raise_epoch, {process.host, process.pid, now})[0].number(0);
    wait_for_committers();
    context_.epoch.set(epoch);
    return Done{};
  });
}

void DatabaseOwnership::wait_for_committers() {
  const auto key = key_of(OwnerLock::committers, *connection_);
  connection_->run(wait_shortly);
  try {
    connection_->query(lock_exclusively, {key});
  } catch (const SqlError& error) {
    if (error.state() != sqlstate::lock_not_available) throw;
    connection_->run(wait_as_usual);
    connection_->query(end_holders, {key});
    connection_->query(lock_exclusively, {key});
  }
  connection_->query(unlock, {key});
  connection_->run(wait_as_usual);
}

}  // namespace ubiety::postgres
