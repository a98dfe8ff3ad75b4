// The table of the history, device_status. Each call throws Error. One thread.
#pragma once

#include "storage/sqlite/database.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

class HistoryTable {
 public:
  explicit HistoryTable(Database& database);

  // Inserts the update unless it is stored already. Returns whether it was inserted.
  bool insert(const StatusUpdate& update);
  // Inserts the update. If it is stored already, raises its time of receipt to the later one.
  void merge(const StatusUpdate& update);

  // The newest timestamp of the device; nullopt if it has none.
  std::optional<Timestamp> newest(const DeviceId& device_id);

  // At most `most` records that match the query, newest first.
  std::vector<Status> records(const HistoryQuery& query, std::size_t most);
  // The number of records within the query's bounds, on all pages.
  std::uint64_t count(const HistoryQuery& query);

  void read_all(const StatusSink& sink);

  // Removes some of the rows whose timestamp is before `expired_before`, and whose receipt is before the watermark.
  // Visits the devices in order, from where the last call ended.
  Expired expire(Timestamp expired_before);
  bool expires_from_the_first_device() const { return expiring_device_.empty(); }

 private:
  bool go_to_next_device();

  Database& database_;
  PreparedOnUse insert_, merge_, newest_, records_, count_, all_, next_device_, expire_;
  DeviceId expiring_device_;  // empty at the beginning
};

}  // namespace ubiety::sqlite
