// The history: segments of devices, device_history and their bytes, segment. Each call throws Error. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/history_days.hpp"

namespace ubiety::sqlite {

class SegmentTable {
 public:
  SegmentTable(Database& database, HistoryDays& days);

  // In a segment: some 2 KB, of which a page holds four.
  static constexpr std::size_t max_records = 288;

  struct Segment {
    std::int64_t id = 0;
    Timestamp first, last;
    std::uint64_t count = 0;
  };

  // Writes the records, sorted by oldest_first, as segments. Returns their number.
  std::size_t insert(const DeviceId& device_id, std::span<const Status> records);
  void remove(const DeviceId& device_id, const Segment& segment);

  // The segments that begin no later than `last` and end no earlier than `first`, oldest first by their ends.
  std::vector<Segment> overlapping(const DeviceId& device_id, Timestamp first, Timestamp last);
  // Throws Error if they cannot be read.
  std::vector<Status> records(const DeviceId& device_id, std::int64_t segment);

  // The records of these times, in all segments of the device. `times`: sorted, at least one. Throws Error if one of
  // the segments cannot be read.
  std::vector<Status> records_at(const DeviceId& device_id, std::span<const Timestamp> times);
  // Drops records that the history has. Segments that cannot be read have none.
  void drop_stored(const DeviceId& device_id, std::vector<Status>& records);

  // The sum of the counts of the device's segments.
  std::uint64_t count(const DeviceId& device_id);

  // The first device whose id is `from` or greater; nullopt if there is none.
  std::optional<DeviceId> first_device(std::string_view from);
  // The first device behind `after`: no id is between that text and the same with a NUL.
  std::optional<DeviceId> next_device(const DeviceId& after) { return first_device(after + '\0'); }

  // Overlapping segments, newest first by their ends: bind 1 to device id, 2 to `first`, 3 to `last`, 4 to the end of
  // the day of `last`. The rows have id and last timestamp. One run at a time.
  Statement& newest_first() { return *newest_first_; }

 private:
  enum class Damaged : std::uint8_t { throws, is_skipped };
  std::vector<Status> records_at(const DeviceId& device_id, std::span<const Timestamp> times, Damaged damaged);

  Database& database_;
  HistoryDays& days_;
  PreparedOnUse insert_records_, insert_, remove_records_, remove_, overlapping_, records_, count_, first_device_;
  PreparedOnUse newest_first_;
};

// The start of the day after that of `time`: a segment with a record at or before `time` ends before then, because it
// lies within one day.
Timestamp end_of_day(Timestamp time);

inline constexpr Timestamp before_all_times{INT64_MIN};
inline constexpr Timestamp after_all_times{INT64_MAX};

}  // namespace ubiety::sqlite
