// Commits a large write over several connections beside each other: one PostgreSQL process takes some 200,000 rows a
// second, and another core lies idle.
#pragma once

#include <cstddef>
#include <deque>

#include "actors/commit.hpp"
#include "actors/store_connection.hpp"

namespace ubiety {

// One thread at a time.
class DividedCommit {
 public:
  // `notice` is called on the threads that commit, of which there are up to `connections`.
  DividedCommit(Store& store, std::size_t connections, const StoreConnection::Notice& notice);

  // See commit_without_refused. A device's updates stay together, so that no two connections wait for each other.
  StoreResult<Settled> commit(WriteBatch write);

 private:
  std::deque<StoreConnection> connections_;  // at least one
};

}  // namespace ubiety
