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

struct ReaderOptions {
  Store* store;
  ServiceState* state;
  WriterActor writer;
  KeepInShard keep_in_shard;
};

void reader(caf::blocking_actor* self, const ReaderOptions& options) {
  bool running = true;
  run_supervised("reader", *options.state, [&] {
    // A query may fail for reasons of its own, so a failure does not count as an outage.
    StoreConnection connection(
        *options.store, "reader", [](bool available) { return !available; }, Sharing::asks,
        &options.state->metrics.sessions);
    const ReadWith read_with = [&](const auto& read) { return connection.use(read); };
    const auto answer = [&](ReadHistory& message) {
      if (!answer_history(read_with, message, *options.state, options.keep_in_shard))
        self->send(options.writer, std::move(message));
    };
    while (running)
      self->receive([&](ReadHistory& message) { answer(message); }, [&](const caf::exit_msg&) { running = false; });
  });
}

StoreResult<HistoryOutcome> read_buckets(Session& session, const ReadHistory& message) {
  HistoryOutcome outcome{HistoryOutcome::Kind::buckets, {}, HistoryBuckets(*message.buckets)};
  bool is_in_time = true;
  const auto read = session.read_span(message.query, message.unmerged, [&](std::span<const Status> records) {
    outcome.buckets->add(records);
    return is_in_time = std::chrono::steady_clock::now() < message.deadline;
  });
  if (!read) return Failure{read.error()};
  if (!is_in_time) return HistoryOutcome{HistoryOutcome::Kind::unavailable};
  return outcome;
}

// What is left of a device that was removed is passed over, so its page is made of all its records since.
StoreResult<HistoryOutcome> read_page_since_removal(Session& session, const ReadHistory& message) {
  log::PageOfSpan page(message.query);
  const auto read = session.read_span(page.query(), message.unmerged,
                                      [&](std::span<const Status> records) { return page.add(records); });
  if (!read) return Failure{read.error()};
  return HistoryOutcome{HistoryOutcome::Kind::page, page.take()};
}

StoreResult<HistoryOutcome> read_page(Session& session, const ReadHistory& message) {
  if (message.query.removed) return read_page_since_removal(session, message);
  auto page = session.history(message.query, message.unmerged);
  if (!page) return Failure{page.error()};
  return HistoryOutcome{HistoryOutcome::Kind::page, std::move(*page)};
}

void note(const HistoryOutcome& outcome, HistoryMetrics& metrics) {
  if (outcome.kind == HistoryOutcome::Kind::page) metrics.from_store.fetch_add(1, std::memory_order_relaxed);
  if (outcome.kind == HistoryOutcome::Kind::buckets) metrics.in_buckets.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

// A merge since the shard's answer may have moved updates that the shard did not count, and an expiry may have removed
// some that it did. Both were noted before the store had them.
StoreResult<HistoryOutcome> read_history(const ReadWith& read_with, ReadHistory& message,
                                         const HistoryChanges& changes) {
  if (message.buckets) return read_with([&](Session& session) { return read_buckets(session, message); });
  const auto read = [&](Session& session) { return read_page(session, message); };
  auto page = read_with(read);
  if (!page || !message.query.known || changes.count() == message.known_at) return page;
  message.query.known.reset();
  return read_with(read);
}

bool answer_history(const ReadWith& read_with, ReadHistory& message, ServiceState& state,
                    const KeepInShard& keep_in_shard) {
  const auto is_refused = [](const auto& read) {
    return !read && read.error().kind == StoreFailure::Kind::no_connection_left;
  };
  HistoryOutcome outcome{HistoryOutcome::Kind::unavailable};
  if (message.deadline > std::chrono::steady_clock::now()) {
    leave_out_expired(message, state.history_changes.expired_before());
    auto read = read_history(read_with, message, state.history_changes);
    // The session may have failed since its last use, though the database is back: the second attempt opens another.
    if (!read && !is_refused(read)) read = read_history(read_with, message, state.history_changes);
    if (is_refused(read)) return false;
    if (read) outcome = std::move(*read);
  }
  note(outcome, state.metrics.histories);
  if (outcome.kind == HistoryOutcome::Kind::page && message.total_ticket)
    keep_in_shard({message.query.device_id, *message.total_ticket, outcome.page.total_records});
  message.reply(std::move(outcome));
  return true;
}

ReaderActor spawn_reader(caf::actor_system& system, Store& store, ServiceState& state, WriterActor writer,
                         KeepInShard keep_in_shard) {
  // CAF 0.17 has no typed blocking actor; this one receives the messages of ReaderActor.
  return caf::actor_cast<ReaderActor>(
      system.spawn<caf::detached>(reader, ReaderOptions{&store, &state, std::move(writer), std::move(keep_in_shard)}));
}

}  // namespace ubiety
