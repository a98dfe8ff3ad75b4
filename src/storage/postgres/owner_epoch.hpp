// The epoch in which this process owns the store, and the sessions that may commit in it. Every owner raises the epoch
// in store_owner before it loads anything. A session that is about to commit first takes the committers' lock, shared,
// and then reads the epoch. So an owner that has raised it and then waits for that lock, exclusive, knows: no session
// of an earlier epoch commits any more, and none can begin to. Nothing of this costs a commit anything. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// The two advisory locks of a schema, see docs/FORMATS.md. Of the 64 bits of a key the upper half says which lock it
// is, the lower half is the oid of the schema.
enum class OwnerLock : std::uint32_t {
  owner = 0x55626931,       // "Ubi1": held by the owner's own session, for as long as the process lives
  committers = 0x55626932,  // "Ubi2": held, shared, by every session that commits
};

// Throws SqlError when the connection's search_path leads to no schema.
std::int64_t key_of(OwnerLock lock, Connection& connection);

class OwnerEpoch {
 public:
  void set(std::int64_t epoch) { epoch_.store(epoch, std::memory_order_release); }
  // 0 before this process owned the store.
  std::int64_t get() const { return epoch_.load(std::memory_order_acquire); }

  // To be called once in each session, before its first commit. Throws SqlError when this process is not the owner.
  void admit(Connection& connection) const;

 private:
  std::atomic<std::int64_t> epoch_{0};
};

}  // namespace ubiety::postgres
