// The history in PostgreSQL: the partitioned table device_history, see docs/FORMATS.md. The connection's thread. All
// throw SqlError and BadRow.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/log/merge_plan.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/segment_columns.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// Days (UTC) since 1970.
std::int64_t day_of(Timestamp time);
Timestamp begin_of_day(std::int64_t day);

// A record to look for.
struct WantedRecord {
  std::string_view device_id;
  const Status* status;
};

class SegmentTable {
 public:
  explicit SegmentTable(Connection& connection) : connection_(connection) {}

  // Returns, for each of these, whether the history has a record of the same report.
  std::vector<bool> has(std::span<const WantedRecord> wanted);

  // A number for the segments of one merge, larger than those before.
  std::int32_t next_merge();

  // Removes from the devices' records what the history has, where it may have some.
  void drop_stored(std::vector<log::DeviceToMerge>& devices);

  // Writes the records as segments. Returns how many.
  std::size_t write(std::span<const log::DeviceToMerge> devices, SegmentKind kind);

  // Passes each segment's device and records to `sink`, in the order of the device ids' bytes.
  void read_all(const Selection& selection,
                const std::function<void(std::string_view device_id, std::vector<Status>&& records)>& sink);

 private:
  Connection& connection_;
  std::string rows_;  // kept for its capacity
};

}  // namespace ubiety::postgres
