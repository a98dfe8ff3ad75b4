// The writer makes batches durable, with one commit for all that wait when it becomes idle.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <vector>

#include "actors/messages.hpp"
#include "actors/service_state.hpp"
#include "actors/store/divided_commit.hpp"
#include "storage/spool.hpp"

namespace ubiety {

// Commits batches, and retries until they are durable. One thread.
class BatchCommitter {
 public:
  // Updates go to the spool, if there is one, while the store is away. `stopping` ends the attempts. `connections`: see
  // DividedCommit.
  BatchCommitter(Store& store, ServiceState& state, std::stop_token stopping, std::size_t connections = 1);

  // Returns true when all updates are durable, in the store or the spool, except those that the store refuses, which
  // it marks. Returns false when the service stops or loses its store first. An error of the store never means "not
  // committed": after one, all updates are written again as doubtful.
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

}  // namespace ubiety
