// Commits updates so that one update which the store refuses does not fail the others. One thread.
#pragma once

#include "actors/store/store_connection.hpp"

namespace ubiety {

void move_all_to_doubtful(WriteBatch& write);

struct CommitOutcome {
  UpdateList refused;          // by the store: their data is at fault
  bool fresh_are_new = false;  // see Committed
};

// Commits what the store takes of `write`, and finds what it refuses by halving. After "unavailable" some updates may
// be durable and some not.
StoreResult<CommitOutcome> commit_without_refused(StoreConnection& connection, WriteBatch write);

}  // namespace ubiety
