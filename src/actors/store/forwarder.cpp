#include "actors/store/forwarder.hpp"

#include <caf/blocking_actor.hpp>

#include <algorithm>
#include <chrono>

#include "actors/store/own_thread.hpp"
#include "actors/store/spawn.hpp"
#include "domain/random.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 100ms;   // for something that waits
constexpr auto retry_interval = 200ms;  // while the store is away

}  // namespace

SpoolForwarder::SpoolForwarder(Store& store, Spool& spool, ServiceState& state)
    : spool_(spool),
      state_(state),
      connection_(store, "forwarder", report_changes(), Sharing::takes, &state.metrics.sessions) {}

bool SpoolForwarder::forward_piece() {
  const auto rows = spool_.oldest();
  if (!rows) {
    log::error("the spool cannot be read", {{"reason", rows.error().message}});
    return false;
  }
  if (rows->empty()) return true;
  if (!append(*rows)) return false;
  std::vector<log::Position> positions;
  for (const auto& row : *rows) {
    positions.push_back(row.position);
    state_.committed.raise_to(row.position);
  }
  if (const auto removed = spool_.remove(positions); !removed) {
    log::error("the spool cannot be shortened", {{"reason", removed.error().message}});
    return false;
  }
  // The store takes commits again, so the spool gets no more: forwarding ends even while updates come fast.
  const auto waiting = spool_.waiting();
  if (state_.readiness.set_spooling(false)) log::info("the store takes commits again", {{"waiting", waiting}});
  if (waiting == 0) log::info("the spool is forwarded");
  return true;
}

// What the store refuses is divided, into rows and then into updates, so that it does not hold up the others.
bool SpoolForwarder::append(const Rows& rows) {
  const auto appended = append_once(rows);
  if (appended || appended.error().kind != StoreFailure::Kind::rejected) return appended.ok();
  if (rows.size() == 1) return append_updates_singly(rows.front());
  return std::all_of(rows.begin(), rows.end(), [this](const log::Row& row) { return append({row}); });
}

// Updates that are forwarded twice, after a crash, are exact repetitions, which a merge folds.
bool SpoolForwarder::append_updates_singly(const log::Row& row) {
  log::Position position{static_cast<log::StreamId>(random_secret() >> 1), 0};
  for (const auto& update : row.updates) {
    ++position.sequence;
    const auto appended = append_once({{position, {update}}});
    if (appended) continue;
    if (appended.error().kind != StoreFailure::Kind::rejected) return false;
    --position.sequence;
    log::error("the store refuses an update of the spool",
               {{"device_id", update.device_id}, {"reason", appended.error().message}});
  }
  return true;
}

StoreResult<Done> SpoolForwarder::append_once(const Rows& rows) {
  return connection_.use([&](Session& session) { return session.append_once(rows); });
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
      pause = spool_forwarder.forward_piece() ? 0ms : retry_interval;
    }
  });
}

}  // namespace

caf::actor spawn_forwarder(caf::actor_system& system, Store& store, Spool& spool, ServiceState& state) {
  return system.spawn<caf::detached>(forwarder, &store, &spool, &state);
}

}  // namespace ubiety
