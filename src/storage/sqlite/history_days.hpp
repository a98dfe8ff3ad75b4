// The days of which the history has segments, and which of them are compacted. Each call throws Error. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "domain/timestamp.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

// Days since 1970-01-01 (UTC).
using Day = std::int64_t;
Day day_of(Timestamp time);
Timestamp start_of(Day day);

class HistoryDays {
 public:
  explicit HistoryDays(Database& database);

  // A segment of the device was added to the day.
  void note_segment(Day day, const DeviceId& device_id);

  // -- compaction --

  struct LateDevice {
    Day day = 0;
    DeviceId device_id;
  };
  // Some devices whose segments came after the compaction of their day, a day before `today`, had begun.
  std::vector<LateDevice> late_devices(Day today);
  void remove(const LateDevice& device);

  struct DayToCompact {
    Day day = 0;
    DeviceId compacted_up_to;  // empty at the beginning
  };
  // The first day before `today` that is not compacted.
  std::optional<DayToCompact> next_to_compact(Day today);
  // The compaction of the day begins, or has come to this device.
  void put(const DayToCompact& progress);
  void note_compacted(Day day);
  // The number of days before `today` with something to compact.
  std::uint64_t backlog(Day today);

  // -- expiry --

  bool has_segments_before(Timestamp time);
  // Remembers which days ended before then, and forgets those to which no segment is added until finish_expiry().
  void begin_expiry(Timestamp before);
  void finish_expiry(Timestamp before);

 private:
  PreparedOnUse state_, insert_, rescue_, insert_late_;
  PreparedOnUse late_, remove_late_, next_, put_, compacted_, backlog_;
  PreparedOnUse any_before_, mark_expiring_, forget_, forget_late_;
};

}  // namespace ubiety::sqlite
