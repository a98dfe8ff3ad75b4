// Removed devices in PostgreSQL: the table removed_device, and what removals took away from the other tables. See
// docs/FORMATS.md. The connection's thread. All throw SqlError and BadRow.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <vector>

#include "storage/log/removals.hpp"
#include "storage/postgres/compaction.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/ownership.hpp"
#include "storage/postgres/segment_table.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

class RemovedTable {
 public:
  // All references outlive this object.
  RemovedTable(Connection& connection, const OwnerEpoch& epoch, OpenDays& days)
      : connection_(connection), epoch_(epoch), days_(days), segments_(connection) {}

  // See Session::remove_devices.
  void add(std::span<const log::Removal> removals);

  // Passes all removals to `sink`, in a transaction and its snapshot.
  void load(const std::function<void(log::Removal&&)>& sink);

  // See Session::sweep and Session::forget_removals.
  Swept sweep();
  bool forget(Timestamp before);

 private:
  std::vector<log::Removal> select(const char* statement, Parameters parameters);
  void sweep(std::span<const log::Removal> removals, Swept& swept);
  void cut_segments(std::span<const log::Removal> removals, Swept& swept);

  Connection& connection_;
  const OwnerEpoch& epoch_;
  OpenDays& days_;
  SegmentTable segments_;
  std::set<std::int64_t> days_written_;  // in the transaction under way
};

}  // namespace ubiety::postgres
