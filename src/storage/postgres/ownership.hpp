// Ownership of a database: an advisory lock held by a session of its own, and an epoch that each owner raises. If that
// session is lost, another takes the lock again; an unchanged epoch then proves that no other process owned the store
// in between.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "storage/ownership.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// The advisory locks for the owner of a schema, as docs/FORMATS.md has them. The upper half of the 64-bit key names the
// lock, the lower half is the schema's oid.
enum class OwnerLock : std::uint32_t {
  owner = 0x55626931,       // "Ubi1": held by the owner's own session for as long as the process lives
  committers = 0x55626932,  // "Ubi2": held, shared, by every session that commits
};

// The epoch in which this process owns the store, and the sessions that may commit in it. Any thread.
//
// Each owner raises the epoch in store_owner before it loads anything. Before its first commit, a session takes the
// committers' lock, shared, and then reads the epoch. The new owner waits for that lock, exclusive: once it has it, no
// session of an earlier epoch can commit. A commit itself costs nothing more.
class OwnerEpoch {
 public:
  void set(std::int64_t epoch) { epoch_.store(epoch, std::memory_order_release); }
  // 0 until this process owns the store.
  std::int64_t get() const { return epoch_.load(std::memory_order_acquire); }

  // Call once in each session before its first commit. Throws SqlError if this process is not the owner.
  void admit(Connection& connection) const;

 private:
  std::atomic<std::int64_t> epoch_{0};
};

struct StoreContext;

// One thread.
class DatabaseOwnership final : public Ownership {
 public:
  // The context must outlive this object.
  explicit DatabaseOwnership(StoreContext& context) : context_(context) {}

  StoreResult<Claim> claim() override;
  StoreResult<Done> take_over(Timestamp now) override;

 private:
  // Runs `action` on the connection. Opens one if there is none, and drops it if `action` fails.
  template <class Action>
  auto use_connection(Action action) -> StoreResult<decltype(action())>;
  void connect();
  Claim look_for_owner();
  Owner recorded_owner();
  void wait_for_committers();

  StoreContext& context_;
  std::optional<Connection> connection_;
  bool has_lock_ = false;  // in this connection
};

}  // namespace ubiety::postgres
