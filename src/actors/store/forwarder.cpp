#include "actors/store/forwarder.hpp"

#include <caf/blocking_actor.hpp>

#include <chrono>
#include <utility>

#include "actors/store/own_thread.hpp"
#include "actors/store/spawn.hpp"
#include "domain/random.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

// With fewer updates in the spool the writer returns to the store.
constexpr std::uint64_t few_updates = 2'000;

constexpr auto look_interval = 100ms;   // for something that waits
constexpr auto retry_interval = 200ms;  // while the store is away

}  // namespace

SpoolForwarder::SpoolForwarder(Store& store, Spool& spool, ServiceState& state)
    : spool_(spool),
      state_(state),
      connection_(store, "forwarder", report_changes(), Sharing::takes, &state.metrics.sessions) {}

bool SpoolForwarder::forward_row() {
  const auto row = spool_.oldest();
  if (!row) {
    log::error("the spool cannot be read", {{"reason", row.error().message}});
    return false;
  }
  if (!*row) return true;
  if (!is_in_store(**row)) {
    waited_ = nothing_forwarded;
    return false;
  }
  state_.committed.raise_to((*row)->position);
  if (const auto removed = spool_.remove((*row)->position); !removed) {
    log::error("the spool cannot be shortened", {{"reason", removed.error().message}});
    return false;
  }
  send_writer_to_store_in_time();
  if (spool_.waiting() == 0) log::info("the spool is forwarded");
  return true;
}

// While rows are forwarded the store is slow, and commits to the spool are faster. So the writer returns to the store
// only when little waits, or when updates come faster than they are forwarded, which would never end.
void SpoolForwarder::send_writer_to_store_in_time() {
  const auto waiting = spool_.waiting();
  const bool is_draining = waiting < std::exchange(waited_, waiting);
  if (is_draining && waiting > few_updates) return;
  if (state_.readiness.set_spooling(false)) log::info("the store takes commits again", {{"waiting", waiting}});
}

bool SpoolForwarder::is_in_store(const log::Row& row) {
  UpdateList updates;
  for (const auto& update : row.updates) updates.push_back(&update);
  const auto appended = append(row.position, updates);
  if (appended || appended.error().kind != StoreFailure::Kind::rejected) return appended.ok();
  return are_in_store_singly(updates);
}

// One update that the store refuses must not hold up the others. Updates that are forwarded twice, after a crash, are
// exact repetitions, which a merge folds.
bool SpoolForwarder::are_in_store_singly(const UpdateList& updates) {
  log::Position position{static_cast<log::StreamId>(random_secret() >> 1), 0};
  for (const auto* update : updates) {
    ++position.sequence;
    const auto appended = append(position, {update});
    if (appended) continue;
    if (appended.error().kind != StoreFailure::Kind::rejected) return false;
    --position.sequence;
    log::error("the store refuses an update of the spool",
               {{"device_id", update->device_id}, {"reason", appended.error().message}});
  }
  return true;
}

StoreResult<Done> SpoolForwarder::append(log::Position position, const UpdateList& updates) {
  return connection_.use([&](Session& session) { return session.append_once(position, updates); });
}

namespace {

void forwarder(caf::blocking_actor* self, Store* store, Spool* spool, ServiceState* state) {
  run_supervised("forwarder", *state, [&] {
    SpoolForwarder spool_forwarder(*store, *spool, *state);
    Inbox inbox(self);
    auto pause = look_interval;
    while (!inbox.exits_within(pause)) {
      pause = look_interval;
      // Before the latest map is loaded the schema may be missing, and what the start reads must not move.
      const auto& readiness = state->readiness;
      if (readiness.spool() == nullptr || !readiness.is_loaded() || !readiness.store_answers()) continue;
      if (spool->waiting() == 0) continue;
      pause = spool_forwarder.forward_row() ? 0ms : retry_interval;
    }
  });
}

}  // namespace

caf::actor spawn_forwarder(caf::actor_system& system, Store& store, Spool& spool, ServiceState& state) {
  return system.spawn<caf::detached>(forwarder, &store, &spool, &state);
}

}  // namespace ubiety
