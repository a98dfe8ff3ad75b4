// The writer: makes batches durable, one commit for all that are waiting when it becomes free.
#pragma once

#include <caf/actor_system.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "actors/store/divided_commit.hpp"
#include "storage/spool.hpp"

namespace ubiety {

// Commits batches, and repeats until they are durable. One thread.
class BatchCommitter {
 public:
  // The spool, if there is one, takes the updates while the store is away. `stopping` ends the attempts. `connections`:
  // see DividedCommit.
  BatchCommitter(Store& store, ServiceState& state, std::stop_token stopping, std::size_t connections = 1);

  // Returns true when all updates are durable, in the store or the spool, except those that the store refuses, which
  // are marked. Returns false when the service stops or loses its store first. An error of the store never means "not
  // committed": after one, everything is written again as doubtful.
  bool commit(const std::vector<std::shared_ptr<Batch>>& batches);

 private:
  // One attempt.
  void note_commit(const WriteBatch& write, std::chrono::duration<double> seconds);
  StoreResult<CommitOutcome> make_durable(const WriteBatch& write);
  StoreResult<CommitOutcome> append_to(Spool& spool, const WriteBatch& write);
  void wait_before_next_attempt(int failed_attempts);

  ServiceState& state_;
  DividedCommit store_;
  std::stop_token stopping_;
};

// Reports to a shard that its batch is done.
using TellShard = std::function<void(std::uint32_t shard, BatchDone done)>;

// A blocking actor on a thread of its own.
WriterActor spawn_writer(caf::actor_system& system, Store& store, ServiceState& state, std::stop_token stopping,
                         std::size_t connections, TellShard tell_shard);

}  // namespace ubiety
