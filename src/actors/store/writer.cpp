#include "actors/store/writer.hpp"

#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <unordered_set>

#include "actors/store/own_thread.hpp"
#include "actors/store/spawn.hpp"
#include "domain/thread_safety.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

WriteBatch joined(const std::vector<std::shared_ptr<Batch>>& batches) {
  WriteBatch all;
  for (const auto& batch : batches) {
    const auto& [fresh, doubtful] = batch->write;
    all.fresh.insert(all.fresh.end(), fresh.begin(), fresh.end());
    all.doubtful.insert(all.doubtful.end(), doubtful.begin(), doubtful.end());
  }
  return all;
}

void mark_refused(const std::vector<std::shared_ptr<Batch>>& batches, const UpdateList& refused) {
  if (refused.empty()) return;
  const std::unordered_set<const StatusUpdate*> rows(refused.begin(), refused.end());
  for (const auto& batch : batches) {
    for (const auto& parcel : batch->parcels)
      for (auto& each : parcel->updates())
        if (rows.contains(&each.update)) each.outcome = UpdateOutcome::refused;
    for (const auto& [update, row] : batch->repetitions)
      if (rows.contains(row)) update->outcome = UpdateOutcome::refused;
  }
}

}  // namespace

BatchCommitter::BatchCommitter(Store& store, ServiceState& state, std::stop_token stopping, std::size_t connections)
    : state_(state),
      store_(
          store, connections,
          [&readiness = state.readiness](bool available) {
            return readiness.spool() == nullptr ? readiness.set_commits_succeed(available)
                                                : readiness.set_spooling(!available);
          },
          &state.metrics.sessions),
      stopping_(std::move(stopping)) {}

bool BatchCommitter::commit(const std::vector<std::shared_ptr<Batch>>& batches) {
  auto write = joined(batches);
  const auto first_began = std::chrono::steady_clock::now();
  for (int failed_attempts = 0;;) {
    const auto began = std::chrono::steady_clock::now();
    const auto settled = make_durable(write);
    if (settled) {
      const auto ended = std::chrono::steady_clock::now();
      note_commit(write, ended - began);
      mark_refused(batches, settled->refused);
      for (const auto& batch : batches) {
        batch->fresh_are_new = settled->fresh_are_new && failed_attempts == 0;
        batch->commit = {first_began, ended, batch->write.fresh.size() + batch->write.doubtful.size()};
      }
      return true;
    }
    ++state_.metrics.commits.failures;
    if (failed_attempts == 0)
      log::warning("commit failed, its outcome is unknown; writing the batch again",
                   {{"updates", write.fresh.size() + write.doubtful.size()}, {"reason", settled.error().message}});
    move_all_to_doubtful(write);
    wait_before_next_attempt(++failed_attempts);
    if (stopping_.stop_requested() || state_.readiness.store_lost()) return false;
  }
}

void BatchCommitter::note_commit(const WriteBatch& write, std::chrono::duration<double> seconds) {
  auto& metrics = state_.metrics.commits;
  metrics.seconds.observe(seconds.count());
  metrics.updates.observe(static_cast<double>(write.fresh.size() + write.doubtful.size()));
  metrics.fresh.fetch_add(write.fresh.size(), std::memory_order_relaxed);
  metrics.doubtful.fetch_add(write.doubtful.size(), std::memory_order_relaxed);
}

StoreResult<CommitOutcome> BatchCommitter::make_durable(const WriteBatch& write) {
  auto* const spool = state_.readiness.spool();
  if (spool == nullptr) return store_.commit(write);
  // Before the latest map is loaded the store's schema may be missing or an old one.
  if (state_.readiness.is_loaded() && !state_.readiness.spooling()) {
    auto settled = store_.commit(write);
    if (settled) {
      state_.readiness.set_commits_succeed(true);
      return settled;
    }
  }
  return append_to(*spool, write);
}

StoreResult<CommitOutcome> BatchCommitter::append_to(Spool& spool, const WriteBatch& write) {
  auto updates = write.fresh;
  updates.insert(updates.end(), write.doubtful.begin(), write.doubtful.end());
  const auto lost = state_.readiness.store_lost();
  const auto appended =
      lost ? StoreResult<Done>(Failure{StoreFailure{StoreFailure::Kind::unavailable, *lost}}) : spool.append(updates);
  if (state_.readiness.set_commits_succeed(appended.ok())) {
    if (appended)
      log::info("the spool takes updates again");
    else
      log::error("the spool takes no updates", {{"reason", appended.error().message}});
  }
  if (appended) return CommitOutcome{};
  state_.readiness.set_spooling(false);  // the next attempt asks the store again
  return Failure{appended.error()};
}

void BatchCommitter::wait_before_next_attempt(int failed_attempts) {
  using namespace std::chrono_literals;
  const auto pause = std::min<std::chrono::milliseconds>(20ms * (1 << std::min(failed_attempts, 6)), 250ms);
  Mutex mutex;
  ConditionVariable stopped;
  const MutexLock lock(mutex);
  stopped.wait_for(mutex, stopping_, pause, [] { return false; });
}

namespace {

struct WriterOptions {
  Store* store;
  ServiceState* state;
  std::stop_token stopping;
  std::size_t connections;
  NotifyShard notify_shard;
};

void writer(caf::blocking_actor* self, const WriterOptions& options) {
  std::vector<std::shared_ptr<Batch>> waiting;
  bool running = true;
  const auto receive_one = [&] {
    self->receive([&](CommitBatch& message) { waiting.push_back(std::move(message.batch)); },
                  [&](const caf::exit_msg&) { running = false; });
  };
  run_supervised("writer", *options.state, [&] {
    BatchCommitter committer(*options.store, *options.state, options.stopping, options.connections);
    while (running || !waiting.empty()) {
      if (waiting.empty()) receive_one();
      while (self->has_next_message()) receive_one();
      if (waiting.empty()) continue;
      const bool committed = committer.commit(waiting);
      while (!waiting.empty()) {
        const auto batch = std::move(waiting.back());
        waiting.pop_back();
        options.notify_shard(batch->shard, {batch, committed});
      }
    }
  });
}

}  // namespace

WriterActor spawn_writer(caf::actor_system& system, Store& store, ServiceState& state, std::stop_token stopping,
                         std::size_t connections, NotifyShard notify_shard) {
  // CAF 0.17 has no typed blocking actor; this one receives the messages of WriterActor.
  return caf::actor_cast<WriterActor>(system.spawn<caf::detached>(
      writer, WriterOptions{&store, &state, std::move(stopping), connections, std::move(notify_shard)}));
}

}  // namespace ubiety
