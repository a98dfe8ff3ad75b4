#include "actors/store/forwarder.hpp"

#include <caf/blocking_actor.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include "actors/store/commit.hpp"
#include "actors/store/own_thread.hpp"
#include "actors/store/spawn.hpp"
#include "domain/status.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

// Large enough to be cheap, small enough that a commit of the writer does not wait long beside it.
constexpr std::size_t updates_per_slice = 2000;

constexpr auto look_interval = 100ms;   // for something that waits
constexpr auto retry_interval = 200ms;  // while the store is away

// Sorts the updates by the history's key, as the writer does: two sessions that meet then wait instead of deadlocking.
// Drops exact repetitions.
void sort_and_dedup(UpdateList& updates) {
  const auto before = [](const auto* left, const auto* right) { return key_before(*left, *right); };
  const auto same = [](const auto* left, const auto* right) {
    return left->device_id == right->device_id && same_report(left->status, right->status);
  };
  std::sort(updates.begin(), updates.end(), before);
  updates.erase(std::unique(updates.begin(), updates.end(), same), updates.end());
}

}  // namespace

SpoolForwarder::SpoolForwarder(Store& store, Spool& spool, ServiceState& state)
    : spool_(spool),
      state_(state),
      connection_(store, "forwarder", report_changes(), Sharing::takes, &state.metrics.sessions) {}

bool SpoolForwarder::forward_slice() {
  const auto slice = spool_.oldest(updates_per_slice);
  if (!slice) {
    log::error("the spool cannot be read", {{"reason", slice.error().message}});
    return false;
  }
  if (slice->updates.empty()) return true;
  if (!is_in_store(*slice)) {
    waited_ = nothing_forwarded;
    return false;
  }
  if (const auto removed = spool_.remove_through(slice->last); !removed) {
    log::error("the spool cannot be shortened", {{"reason", removed.error().message}});
    return false;
  }
  send_writer_to_store_in_time();
  if (spool_.waiting() == 0) log::info("the spool is forwarded");
  return true;
}

// While slices are forwarded the store is slow, and commits to the spool are faster. So the writer returns to the store
// only when little waits, or when updates come faster than they are forwarded, which would never end.
void SpoolForwarder::send_writer_to_store_in_time() {
  const auto waiting = spool_.waiting();
  const bool is_draining = waiting < std::exchange(waited_, waiting);
  if (is_draining && waiting > updates_per_slice) return;
  if (state_.readiness.set_spooling(false)) log::info("the store takes commits again", {{"waiting", waiting}});
}

bool SpoolForwarder::is_in_store(const SpoolSlice& slice) {
  WriteBatch write;
  for (const auto& update : slice.updates) write.doubtful.push_back(&update);
  sort_and_dedup(write.doubtful);
  return commit_without_refused(connection_, std::move(write)).ok();
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
      pause = spool_forwarder.forward_slice() ? 0ms : retry_interval;
    }
  });
}

}  // namespace

caf::actor spawn_forwarder(caf::actor_system& system, Store& store, Spool& spool, ServiceState& state) {
  return system.spawn<caf::detached>(forwarder, &store, &spool, &state);
}

}  // namespace ubiety
