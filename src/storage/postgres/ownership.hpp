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

// The upper half of the advisory lock's 64-bit key; the lower half is the schema's oid. See docs/FORMATS.md.
inline constexpr std::uint32_t owner_lock = 0x55626931;  // "Ubi1"

// The epoch in which this process owns the store. Any thread.
//
// Each owner raises the epoch in store_owner before it loads anything, and then closes all open streams. A transaction
// that writes locks the row of store_owner or of an open stream, shared, so the new owner waits for it. Once the new
// owner has both, no session of an earlier owner can commit anything.
class OwnerEpoch {
 public:
  void set(std::int64_t epoch) { epoch_.store(epoch, std::memory_order_release); }

  // 0 until this process owns the store.
  std::int64_t get() const { return epoch_.load(std::memory_order_acquire); }

  // Throws SqlError unless this process has taken the store over.
  void expect_taken_over() const;

  // Call it in each transaction that writes, but for appends. Throws SqlError if this process is not the owner.
  void lock(Connection& connection) const;

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
  // Runs a statement that waits for earlier owners' transactions, and terminates those that do not end soon.
  Rows run_after_earlier_owners(const char* statement, Parameters parameters);

  StoreContext& context_;
  std::optional<Connection> connection_;
  bool has_lock_ = false;  // in this connection
};

}  // namespace ubiety::postgres
