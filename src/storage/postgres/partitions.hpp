// The partitions of the history in PostgreSQL: which ones exist around a time, and how they are created, dropped and
// emptied.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "domain/timestamp.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/ownership.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// How much time one partition of the history holds.
enum class PartitionSpan { day, month };

struct Partition {
  std::string name;
  Timestamp from;  // inclusive
  Timestamp to;    // exclusive
};

// The partition that `now` falls into, the one before it and the two after it: devices report up to a day ahead of the
// clock, and somewhat behind it. Any thread.
std::vector<Partition> partitions_around(Timestamp now, PartitionSpan span);

// Maintains the partitions over one connection. Calls throw SqlError. One thread.
class PartitionKeeper {
 public:
  // Increments `changes` after it has created or dropped partitions. All references outlive this object.
  PartitionKeeper(Connection& connection, const OwnerEpoch& epoch, PartitionSpan span,
                  std::atomic<std::uint64_t>& changes)
      : connection_(connection), epoch_(epoch), span_(span), changes_(changes) {}

  // Creates the partitions around `now`. Skips one for which it would have to wait for a lock; the next call tries
  // again.
  void create_around(Timestamp now);

  // See Session::expire.
  Expired expire(Timestamp expired_before);

 private:
  void create(const Partition& partition);
  // Returns whether it dropped a partition. False also if the role lacks the privilege, which may_drop_ then says.
  bool drop_expired(Timestamp expired_before);
  // Deletes whole segments.
  Expired delete_expired(Timestamp expired_before);
  // Rewrites segments only some of whose records expired.
  void cut_segments(Timestamp expired_before, Expired& expired);

  Connection& connection_;
  const OwnerEpoch& epoch_;
  const PartitionSpan span_;
  std::atomic<std::uint64_t>& changes_;
  std::string expiring_device_;  // where the next piece of an expiry begins
  bool may_drop_ = true;         // until a drop was refused
};

}  // namespace ubiety::postgres
