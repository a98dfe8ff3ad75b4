// Commits a large write over several connections beside each other: one PostgreSQL process takes some 200,000 rows a
// second, and another core lies idle.
#pragma once

#include <cstddef>
#include <deque>

#include "actors/store/commit.hpp"
#include "actors/store/store_connection.hpp"
#include "domain/clock.hpp"
#include "domain/thread_safety.hpp"

namespace ubiety {

// One thread at a time.
class DividedCommit {
 public:
  // `notice` hears that the store is available only while no part of a write has found it away. It is called on the
  // threads that commit, one at a time.
  DividedCommit(Store& store, std::size_t connections, StoreConnection::Notice notice,
                SessionMetrics* sessions = nullptr);

  // See commit_without_refused. With fewer connections if the database grants no more. A device's updates stay
  // together, so that no two connections wait for each other.
  StoreResult<CommitOutcome> commit(WriteBatch write);

 private:
  bool note(bool available);
  // How many connections there are, at most `wanted`: the database may grant fewer.
  std::size_t available_connections(std::size_t wanted);

  const StoreConnection::Notice notice_;
  Mutex mutex_;
  bool part_failed_ GUARDED_BY(mutex_) = false;  // of the write that is under way
  std::deque<StoreConnection> connections_;      // at least one
  std::size_t granted_;                          // of them, as was seen last
  SteadyTime next_attempt_{};                    // to have more
};

}  // namespace ubiety
