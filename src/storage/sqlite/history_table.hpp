// The table of the history, device_status, and what is asked of it. Each call throws Error. One thread.
#pragma once

#include "storage/sqlite/database.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

class HistoryTable {
 public:
  explicit HistoryTable(Database& database);

  // Whether the update was not there before; it is left alone when it was.
  bool insert(const StatusUpdate& update);
  // A repetition raises the time of receipt.
  void merge(const StatusUpdate& update);

  // The newest timestamp of the device, nullopt when there is none.
  std::optional<Timestamp> newest(const DeviceId& device_id);

  // The records that the query matches, newest first, and at most `most`.
  std::vector<Status> records(const HistoryQuery& query, std::size_t most);
  // How many match the query's bounds, on whichever page.
  std::uint64_t count(const HistoryQuery& query);

  void read_all(const StatusSink& sink);

  // Removes some of the rows whose timestamp is before `expired_before`, and whose receipt is before the watermark.
  // Goes through the devices in order, from where it was the last time.
  Expired expire(Timestamp expired_before);
  bool expires_from_the_first_device() const { return expiring_device_.empty(); }

 private:
  bool go_to_next_device();

  Database& database_;
  PreparedOnUse insert_, merge_, newest_, records_, count_, all_, next_device_, expire_;
  DeviceId expiring_device_;  // empty: at the beginning
};

}  // namespace ubiety::sqlite
