#include "actors/store/spawn.hpp"

#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>

#include <algorithm>
#include <utility>

#include "actors/shard/followed_histories.hpp"
#include "actors/store/own_thread.hpp"
#include "actors/store/store_connection.hpp"

namespace ubiety {
namespace {

HistoryOutcome read(StoreConnection& connection, const ReadHistory& message) {
  if (message.deadline <= std::chrono::steady_clock::now()) return {HistoryOutcome::Kind::unavailable, {}};
  const auto attempt = [&] { return connection.use([&](Session& session) { return session.history(message.query); }); };
  auto page = attempt();
  // The session may have failed since its last use, though the database is back: the second attempt opens another.
  if (!page) page = attempt();
  if (!page) return {HistoryOutcome::Kind::unavailable, {}};
  return {HistoryOutcome::Kind::page, std::move(*page)};
}

// Returns the records to cache: none if the page does not begin with the newest.
std::vector<Status> newest_of(const HistoryPage& page, const HistoryQuery& query) {
  if (query.after) return {};
  const auto count = std::min(page.records.size(), FollowedHistories::most_remembered_rows);
  return {page.records.begin(), page.records.begin() + static_cast<std::ptrdiff_t>(count)};
}

void answer(StoreConnection& connection, const ReadHistory& message, HistoryMetrics& metrics,
            const KeepInShard& keep_in_shard) {
  auto outcome = read(connection, message);
  const bool was_read = outcome.kind == HistoryOutcome::Kind::page;
  if (was_read) metrics.from_store.fetch_add(1, std::memory_order_relaxed);
  if (message.follow_version && was_read)
    keep_in_shard({message.query.device_id, *message.follow_version, outcome.page.total_records,
                   newest_of(outcome.page, message.query)});
  message.reply(std::move(outcome));
}

void reader(caf::blocking_actor* self, Store* store, ServiceState* state, const KeepInShard& keep_in_shard) {
  bool running = true;
  run_supervised("reader", *state, [&] {
    // A query may fail for reasons of its own, so a failure does not count as an outage.
    StoreConnection connection(
        *store, "reader", [](bool available) { return !available; }, Sharing::takes, &state->metrics.sessions);
    while (running)
      self->receive([&](ReadHistory& message) { answer(connection, message, state->metrics.histories, keep_in_shard); },
                    [&](const caf::exit_msg&) { running = false; });
  });
}

}  // namespace

ReaderActor spawn_reader(caf::actor_system& system, Store& store, ServiceState& state, KeepInShard keep_in_shard) {
  // CAF 0.17 has no typed blocking actor; this one receives the messages of ReaderActor.
  return caf::actor_cast<ReaderActor>(system.spawn<caf::detached>(reader, &store, &state, std::move(keep_in_shard)));
}

}  // namespace ubiety
