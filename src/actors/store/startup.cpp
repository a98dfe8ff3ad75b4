#include "actors/store/startup.hpp"

#include <algorithm>
#include <utility>

#include "domain/clock.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

constexpr auto retry_interval = 250ms;
constexpr auto patience_for_owner = 2s;  // of a standby, when the store was away
constexpr auto no_further_attempt = 1h;

// A spool that is bound to no database, by an earlier version, belongs to this one unless this one is new.
bool belongs_to(const Spool& spool, const std::string& database) {
  const auto bound_to = spool.database();
  return bound_to ? *bound_to == database : !database.empty() || spool.waiting() == 0;
}

}  // namespace

void ensure_partitions(StoreConnection& connection, Timestamp now) {
  const auto kept = connection.use([&](Session& session) { return session.ensure_partitions(now); });
  if (!kept) log::warning("housekeeping failed", {{"reason", kept.error().message}});
}

// Loads nothing before this process owns the store. An update that overtook the latest statuses on their way to a shard
// would count as new even if it is a repeat, and could take the latest status back.
std::optional<Recovered> Startup::attempt() {
  if (!has_claims() || !prepare_store()) return std::nullopt;
  ensure_partitions(parts_.connection, parts_.clock.now());
  auto recovered = load();
  if (recovered) {
    warn_if_ahead(recovered->newest_received);
    options_.wait_for_shards();
    parts_.state.readiness.set_store_answers(true);
    parts_.state.readiness.set_loaded();
  }
  return recovered;
}

std::chrono::milliseconds Startup::pause_before_next_attempt() const {
  if (gave_up_) return no_further_attempt;
  const auto& readiness = parts_.state.readiness;
  // A store that comes back goes to its last owner first.
  return readiness.standing_by_for() && !readiness.store_answers() ? patience_for_owner : retry_interval;
}

// With a spool, updates are accepted from here on even if the store is away.
bool Startup::has_claims() {
  auto& readiness = parts_.state.readiness;
  const auto has_spool = parts_.claim.has_spool();
  if (!has_spool) note_failure(has_spool.error());
  if (!has_spool || !*has_spool) return false;
  const auto has_store = parts_.claim.has_store();
  readiness.set_store_answers(has_store.ok());
  if (has_store && !*has_store) return false;
  if (readiness.spool() != nullptr && !readiness.is_accepting()) load_spool();
  if (!has_store) note_failure(has_store.error());
  return has_store.ok();
}

bool Startup::prepare_store() {
  const auto identity_before = parts_.state.readiness.spool() == nullptr ? std::nullopt : identity();
  if (const auto prepared = prepare_schema(parts_.store, options_.may_migrate); !prepared) {
    note_failure(prepared.error());
    return false;
  }
  if (const auto taken_over = parts_.claim.take_over(); !taken_over) {
    note_failure(taken_over.error());
    return false;
  }
  return bind_spool(identity_before);
}

// The latest statuses and the outages are as of times of the listening clock.
StoreResult<Done> Startup::continue_listening() {
  const auto saved = parts_.connection.use([](Session& session) { return session.listening(); });
  if (!saved) return Failure{saved.error()};
  parts_.state.listening.continue_from(*saved, std::chrono::steady_clock::now(), parts_.clock.now());
  auto past = parts_.connection.use([](Session& session) { return session.fleet_past(); });
  if (!past) return Failure{past.error()};
  parts_.state.fleet.restore(std::move(*past));
  return Done{};
}

std::optional<Recovered> Startup::load() {
  if (const auto continued = continue_listening(); !continued) {
    note_failure(continued.error());
    return std::nullopt;
  }
  auto recovered = load_shards(parts_.connection, options_.shards, options_.load_shard);
  if (!recovered) {
    note_failure(recovered.error());
    return std::nullopt;
  }
  load_unread_spool(*recovered);
  auto& state = parts_.state;
  for (const auto& [stream, sequence] : recovered->rows) state.committed.raise_to({stream, sequence});
  state.receipts.note_stored(recovered->newest_received);
  if (recovered->damaged != 0) state.problems.set(ServiceProblem::damaged_log, true);
  return *recovered;
}

// Returns nullopt while the store does not answer.
std::optional<std::string> Startup::identity() {
  auto known = parts_.connection.use([](Session& session) { return session.identity(); });
  return known ? std::optional(std::move(*known)) : std::nullopt;
}

// A spool that is bound to no database takes no updates before the database is known.
void Startup::load_spool() {
  auto& spool = *parts_.state.readiness.spool();
  if (const auto database = identity(); database && !belongs_to(spool, *database)) return leave_spool_of_another(spool);
  if (!spool.database()) return;
  const auto recovered = load_shards_from_spool(spool, options_.shards, false, options_.load_shard);
  if (!recovered) return leave_unreadable_spool(recovered.error());
  parts_.state.receipts.note_stored(recovered->newest_received);
  if (recovered->damaged != 0) parts_.state.problems.set(ServiceProblem::damaged_log, true);
  parts_.state.readiness.set_accepting();
  log::info("the spool is read", {{"waiting", spool.waiting()}});
}

// A spool that was bound to no database was not read before the store.
void Startup::load_unread_spool(Recovered& recovered) {
  auto* const spool = parts_.state.readiness.spool();
  if (spool == nullptr || parts_.state.readiness.is_accepting()) return;
  const auto read = load_shards_from_spool(*spool, options_.shards, true, options_.load_shard);
  if (!read) return leave_unreadable_spool(read.error());
  recovered.newest_received = std::max(recovered.newest_received, read->newest_received);
  recovered.damaged += read->damaged;
}

// The store may have been away, or empty, when the spool was read.
bool Startup::bind_spool(const std::optional<std::string>& identity_before) {
  auto* const spool = parts_.state.readiness.spool();
  if (spool == nullptr) return true;
  const auto database = identity();
  if (!database) return false;
  if (!belongs_to(*spool, identity_before.value_or(*database))) {
    if (parts_.state.readiness.is_accepting()) {
      // The latest statuses are those of the other database.
      give_up("the spool belongs to another database, and has taken updates for it while this one was away");
      return false;
    }
    leave_spool_of_another(*spool);
    return true;
  }
  if (spool->database()) return true;
  if (const auto bound = spool->bind_to(*database); !bound)
    log::warning("the spool cannot be written", {{"reason", bound.error().message}});
  return true;
}

void Startup::leave_spool_of_another(const Spool& spool) {
  log::error("the spool belongs to another database, and is not used", {{"waiting", spool.waiting()}});
  leave_spool(ServiceProblem::spool_of_another);
}

void Startup::leave_unreadable_spool(const StoreFailure& failure) {
  log::error("the spool cannot be read, and is not used", {{"reason", failure.message}});
  leave_spool(ServiceProblem::spool_unusable);
}

// From here on the service runs without a spool.
void Startup::leave_spool(ServiceProblem problem) {
  parts_.state.problems.set(problem, true);
  parts_.state.readiness.leave_spool();
}

void Startup::warn_if_ahead(Timestamp newest_received) const {
  const auto ahead = newest_received - parts_.clock.now();
  if (ahead > ReceiveClock::max_ahead)
    log::warning("the store has times of receipt that are ahead of the clock",
                 {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(ahead).count()}});
}

void Startup::note_failure(const StoreFailure& failure) {
  if (failure.kind == StoreFailure::Kind::rejected)
    give_up(failure.message);
  else if (waiting_.is_due(failure.message, std::chrono::steady_clock::now()))
    log::error("waiting for the store", {{"store", parts_.store.name()}, {"reason", failure.message}});
}

void Startup::give_up(const std::string& reason) {
  gave_up_ = true;
  options_.give_up(reason);
}

}  // namespace ubiety
