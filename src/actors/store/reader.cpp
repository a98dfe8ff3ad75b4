#include "actors/store/spawn.hpp"

#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>

#include <utility>

#include "actors/store/own_thread.hpp"
#include "actors/store/store_connection.hpp"

namespace ubiety {
namespace {

// The store's expired records are removed, and those of the tail left out.
void leave_out_expired(ReadHistory& message, Timestamp expired_before) {
  std::erase_if(message.unmerged, [=](const auto& record) { return record.status.timestamp < expired_before; });
}

HistoryOutcome read(StoreConnection& connection, ReadHistory& message, const HistoryChanges& changes) {
  if (message.deadline <= std::chrono::steady_clock::now()) return {HistoryOutcome::Kind::unavailable, {}};
  auto page = read_page(connection, message, changes);
  // The session may have failed since its last use, though the database is back: the second attempt opens another.
  if (!page) page = read_page(connection, message, changes);
  if (!page) return {HistoryOutcome::Kind::unavailable, {}};
  return {HistoryOutcome::Kind::page, std::move(*page)};
}

void answer(StoreConnection& connection, ReadHistory& message, ServiceState& state, const KeepInShard& keep_in_shard) {
  leave_out_expired(message, state.history_changes.expired_before());
  auto outcome = read(connection, message, state.history_changes);
  if (outcome.kind == HistoryOutcome::Kind::page) {
    state.metrics.histories.from_store.fetch_add(1, std::memory_order_relaxed);
    if (message.total_ticket)
      keep_in_shard({message.query.device_id, *message.total_ticket, outcome.page.total_records});
  }
  message.reply(std::move(outcome));
}

void reader(caf::blocking_actor* self, Store* store, ServiceState* state, const KeepInShard& keep_in_shard) {
  bool running = true;
  run_supervised("reader", *state, [&] {
    // A query may fail for reasons of its own, so a failure does not count as an outage.
    StoreConnection connection(
        *store, "reader", [](bool available) { return !available; }, Sharing::takes, &state->metrics.sessions);
    while (running)
      self->receive([&](ReadHistory& message) { answer(connection, message, *state, keep_in_shard); },
                    [&](const caf::exit_msg&) { running = false; });
  });
}

}  // namespace

// A merge since the shard's answer may have moved updates that the shard did not count, and an expiry may have removed
// some that it did. Both were noted before the store had them.
StoreResult<HistoryPage> read_page(StoreConnection& connection, ReadHistory& message, const HistoryChanges& changes) {
  const auto read = [&](Session& session) { return session.history(message.query, message.unmerged); };
  auto page = connection.use(read);
  if (!page || !message.query.known || changes.count() == message.known_at) return page;
  message.query.known.reset();
  return connection.use(read);
}

ReaderActor spawn_reader(caf::actor_system& system, Store& store, ServiceState& state, KeepInShard keep_in_shard) {
  // CAF 0.17 has no typed blocking actor; this one receives the messages of ReaderActor.
  return caf::actor_cast<ReaderActor>(system.spawn<caf::detached>(reader, &store, &state, std::move(keep_in_shard)));
}

}  // namespace ubiety
