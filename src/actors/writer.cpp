#include "actors/writer.hpp"

#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

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

void move_all_to_doubtful(WriteBatch& write) {
  write.doubtful.insert(write.doubtful.end(), write.fresh.begin(), write.fresh.end());
  write.fresh.clear();
}

void mark_refused(const std::vector<std::shared_ptr<Batch>>& batches, const UpdateList& refused) {
  if (refused.empty()) return;
  for (const auto& batch : batches)
    for (auto& submission : batch->submissions)
      submission.refused = std::any_of(refused.begin(), refused.end(), [&](const StatusUpdate* update) {
        auto same = submission.update;
        same.status.received = update->status.received;
        return same == *update;
      });
}

}  // namespace

bool BatchCommitter::commit(const std::vector<std::shared_ptr<Batch>>& batches) {
  auto write = joined(batches);
  for (int failed_attempts = 0;;) {
    auto refused = commit_without_refused(write);
    if (refused) {
      mark_refused(batches, *refused);
      return true;
    }
    if (failed_attempts == 0)
      log::warning("commit failed, its outcome is unknown; writing the batch again",
                   {{"updates", write.fresh.size() + write.doubtful.size()}, {"reason", refused.error().message}});
    move_all_to_doubtful(write);
    wait_before_next_attempt(++failed_attempts);
    if (stopping_.stop_requested()) return false;
  }
}

StoreResult<UpdateList> BatchCommitter::commit_without_refused(WriteBatch write) {
  const auto committed = connection_.use([&](Session& session) { return session.commit(write); });
  if (committed) return UpdateList{};
  if (committed.error().kind != StoreFailure::Kind::rejected) return Failure{committed.error()};

  move_all_to_doubtful(write);
  auto& updates = write.doubtful;
  if (updates.empty()) return Failure{committed.error()};
  if (updates.size() == 1) {
    log::error("the store refuses an update",
               {{"device_id", updates.front()->device_id}, {"reason", committed.error().message}});
    return updates;
  }
  const auto middle = updates.begin() + static_cast<std::ptrdiff_t>(updates.size() / 2);
  auto refused = commit_without_refused({{}, UpdateList(updates.begin(), middle)});
  if (!refused) return refused;
  auto more = commit_without_refused({{}, UpdateList(middle, updates.end())});
  if (!more) return more;
  refused->insert(refused->end(), more->begin(), more->end());
  return refused;
}

void BatchCommitter::wait_before_next_attempt(int failed_attempts) {
  using namespace std::chrono_literals;
  const auto pause = std::min<std::chrono::milliseconds>(20ms * (1 << std::min(failed_attempts, 6)), 250ms);
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stopping_, pause, [] { return false; });
}

namespace {

struct WriterOptions {
  Store* store;
  ServiceState* state;
  std::stop_token stopping;
  TellShard tell_shard;
};

void writer(caf::blocking_actor* self, const WriterOptions& options) {
  BatchCommitter committer(*options.store, *options.state, options.stopping);
  std::vector<std::shared_ptr<Batch>> waiting;
  bool running = true;
  const auto receive_one = [&] {
    self->receive([&](CommitBatch& message) { waiting.push_back(std::move(message.batch)); },
                  [&](const caf::exit_msg&) { running = false; });
  };
  while (running) {
    receive_one();
    while (self->has_next_message()) receive_one();
    if (waiting.empty()) continue;
    const bool committed = committer.commit(waiting);
    for (auto& batch : waiting) {
      const auto shard = batch->shard;
      options.tell_shard(shard, {std::move(batch), committed});
    }
    waiting.clear();
  }
}

}  // namespace

WriterActor spawn_writer(caf::actor_system& system, Store& store, ServiceState& state, std::stop_token stopping,
                         TellShard tell_shard) {
  // CAF 0.17 has no typed blocking actor. What it receives is what WriterActor says.
  return caf::actor_cast<WriterActor>(
      system.spawn<caf::detached>(writer, WriterOptions{&store, &state, std::move(stopping), std::move(tell_shard)}));
}

}  // namespace ubiety
