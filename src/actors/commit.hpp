// Commits updates so that one which the store refuses does not take the others with it. One thread.
#pragma once

#include "actors/store_connection.hpp"

namespace ubiety {

void move_all_to_doubtful(WriteBatch& write);

// Commits what of `write` the store takes, and gives the updates that it refuses for what they are, found by halving.
// Unavailable: some may be durable and some not.
StoreResult<UpdateList> commit_without_refused(StoreConnection& connection, WriteBatch write);

}  // namespace ubiety
