// Commits updates so that one which the store refuses does not take the others with it. One thread.
#pragma once

#include "actors/store/store_connection.hpp"

namespace ubiety {

void move_all_to_doubtful(WriteBatch& write);

struct Settled {
  UpdateList refused;          // by the store, for what they are
  bool fresh_are_new = false;  // see Committed
};

// Commits what of `write` the store takes, and finds what it refuses by halving. Unavailable: some may be durable and
// some not.
StoreResult<Settled> commit_without_refused(StoreConnection& connection, WriteBatch write);

}  // namespace ubiety
