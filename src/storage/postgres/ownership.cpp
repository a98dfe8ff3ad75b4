#include "storage/postgres/ownership.hpp"

#include <utility>

#include "storage/postgres/limited.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* try_lock = "SELECT pg_try_advisory_lock($1)";

constexpr const char* find_table = "SELECT to_regclass('store_owner') IS NOT NULL";

constexpr const char* select_owner = R"sql(
  SELECT epoch, host, pid, (extract(epoch FROM since) * 1000000)::bigint FROM store_owner)sql";

constexpr const char* raise_epoch = R"sql(
  UPDATE store_owner SET epoch = epoch + 1, host = $1, pid = $2, since = $3 RETURNING epoch)sql";

// What is left of earlier owners ends by itself, unless a machine or a network is gone: then it is ended.
constexpr const char* wait_shortly = "SET lock_timeout = '1s'";
constexpr const char* wait_as_usual = "SET lock_timeout = '10s'";
constexpr const char* lock_exclusively = "SELECT pg_advisory_lock($1)";
constexpr const char* unlock = "SELECT pg_advisory_unlock($1)";
constexpr const char* end_holders = R"sql(
  SELECT pg_terminate_backend(pid, 2000) FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND objsubid = 1 AND classid = ($1::bigint >> 32)::oid AND objid = ($1::bigint & 4294967295)::oid)sql";

constexpr const char* lock_not_available = "55P03";

constexpr std::chrono::seconds take_over_limit{10};

}  // namespace

template <class Action>
auto DatabaseOwnership::use_connection(Action action) -> StoreResult<decltype(action())> {
  auto outcome = guarded([&] {
    if (!connection_) connect();
    return action();
  });
  if (outcome) return outcome;
  // Its backend may live on for a while, and keep the lock from the next connection.
  if (connection_ && has_lock_) abandoned_.add(connection_->backend());
  has_lock_ = false;
  connection_.reset();
  return outcome;
}

void DatabaseOwnership::connect() {
  connection_.emplace(url_, &watchdog_, demands_);
  const CallLimit limit(*connection_->socket(), call_limit_);
  abandoned_.end_all(*connection_);
}

StoreResult<Claim> DatabaseOwnership::claim() {
  return use_connection([&] {
    const CallLimit limit(*connection_->socket(), call_limit_);
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
  if (epoch_.get() == 0 || connection_->query(select_owner)[0].number(0) == epoch_.get()) return {};
  return {.outcome = Claim::Outcome::lost, .reason = "it was in the meantime owned by " + to_text(recorded_owner())};
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
    epoch_.set(epoch);
    return Done{};
  });
}

void DatabaseOwnership::wait_for_committers() {
  const auto key = key_of(OwnerLock::committers, *connection_);
  connection_->run(wait_shortly);
  try {
    connection_->query(lock_exclusively, {key});
  } catch (const SqlError& error) {
    if (error.state() != lock_not_available) throw;
    connection_->run(wait_as_usual);
    connection_->query(end_holders, {key});
    connection_->query(lock_exclusively, {key});
  }
  connection_->query(unlock, {key});
  connection_->run(wait_as_usual);
}

}  // namespace ubiety::postgres
