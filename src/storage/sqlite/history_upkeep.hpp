// Compacts and expires the history. Each step is one transaction of a few milliseconds, and throws Error. One thread.
#pragma once

#include <deque>
#include <vector>

#include "storage/sqlite/history_days.hpp"
#include "storage/sqlite/segment_table.hpp"
#include "storage/sqlite/update_log.hpp"

namespace ubiety::sqlite {

class Compaction {
 public:
  Compaction(Database& database, SharedState& shared, UpdateLog& log, HistoryDays& days, SegmentTable& segments)
      : database_(database), shared_(shared), log_(log), days_(days), segments_(segments) {}

  // See Session::compact.
  Compacted step(Timestamp now);

 private:
  void compact_late(const std::vector<HistoryDays::LateDevice>& devices, Compacted& done);
  void compact_some(const HistoryDays::DayToCompact& day, Compacted& done);
  void find_devices(const HistoryDays::DayToCompact& day);
  // Runs action(end) in a transaction, which should end at that time.
  template <class Action>
  void write(Action action);
  void compact(Day day, const DeviceId& device_id, Compacted& done);
  bool shrink_file();

  Database& database_;
  SharedState& shared_;
  UpdateLog& log_;
  HistoryDays& days_;
  SegmentTable& segments_;
  // The next devices to compact.
  struct Found {
    Day day = 0;
    std::deque<DeviceId> devices;
    DeviceId looked_up_to;  // all devices of the day up to this one
    bool has_last = false;  // no device comes behind those
  } found_;
  bool is_file_to_shrink_ = false;
};

class Expiry {
 public:
  Expiry(Database& database, SharedState& shared, UpdateLog& log, HistoryDays& days, SegmentTable& segments)
      : database_(database), shared_(shared), log_(log), days_(days), segments_(segments) {}

  // See Session::expire. Visits the devices in their order, from where the last call ended.
  Expired step(Timestamp expired_before);

 private:
  bool expire(Timestamp expired_before, Expired& expired);
  // Each returns the number of records that it removes.
  std::uint64_t remove(const DeviceId& device_id, const SegmentTable::Segment& segment);
  std::uint64_t cut(const DeviceId& device_id, const SegmentTable::Segment& segment, Timestamp expired_before);

  Database& database_;
  SharedState& shared_;
  UpdateLog& log_;
  HistoryDays& days_;
  SegmentTable& segments_;
  DeviceId device_;  // the last that was visited; empty at the beginning
};

}  // namespace ubiety::sqlite
