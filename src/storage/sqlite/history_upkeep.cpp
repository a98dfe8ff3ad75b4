#include "storage/sqlite/history_upkeep.hpp"

#include <chrono>
#include <cstddef>
#include <utility>

#include "storage/log/merge_plan.hpp"

namespace ubiety::sqlite {
namespace {

using Clock = std::chrono::steady_clock;

// How long a step writes, so that an append waits no longer.
constexpr std::chrono::milliseconds longest_transaction{1};
// How long a step looks for devices to compact. No append waits for that.
constexpr std::chrono::milliseconds longest_search{5};
constexpr std::size_t most_devices_found = 200;

// Fewer segments are worth rewriting them when a quarter or more of them goes.
bool is_worth_it(const std::vector<SegmentTable::Segment>& segments) {
  std::uint64_t records = 0;
  for (const auto& segment : segments) records += segment.count;
  const auto needed = (records + SegmentTable::max_records - 1) / SegmentTable::max_records;
  return 4 * needed <= 3 * segments.size();
}

}  // namespace

Compacted Compaction::step(Timestamp now) {
  shared_.expect_owned();
  const WithoutSync without_sync(database_);
  const auto today = day_of(now);
  Compacted done;
  if (const auto late = days_.late_devices(today); !late.empty()) {
    compact_late(late, done);
    is_file_to_shrink_ = true;
  } else if (const auto day = days_.next_to_compact(today)) {
    compact_some(*day, done);
  } else if (is_file_to_shrink_) {
    is_file_to_shrink_ = shrink_file();
  }
  done.backlog = days_.backlog(today);
  done.has_more = done.backlog > 0 || is_file_to_shrink_;
  return done;
}

void Compaction::compact_late(const std::vector<HistoryDays::LateDevice>& devices, Compacted& done) {
  write([&](Clock::time_point end) {
    for (const auto& device : devices) {
      compact(device.day, device.device_id, done);
      days_.remove(device);
      if (Clock::now() > end) return;
    }
  });
}

// As soon as the compaction of a day has begun, a merge notes late devices.
void Compaction::compact_some(const HistoryDays::DayToCompact& day, Compacted& done) {
  if (found_.day != day.day || found_.devices.empty()) find_devices(day);
  write([&](Clock::time_point end) {
    auto& devices = found_.devices;
    DeviceId last;
    while (!devices.empty() && (last.empty() || Clock::now() < end)) {
      last = std::move(devices.front());
      devices.pop_front();
      compact(day.day, last, done);
    }
    if (!devices.empty())
      days_.put({day.day, last});
    else if (found_.has_last)
      days_.note_compacted(day.day);
    else
      days_.put({day.day, found_.looked_up_to});
  });
  is_file_to_shrink_ = is_file_to_shrink_ || (found_.devices.empty() && found_.has_last);
}

// Finds the next devices that are to be compacted.
void Compaction::find_devices(const HistoryDays::DayToCompact& day) {
  const Snapshot snapshot(database_);
  const Timestamp first = start_of(day.day), last{start_of(day.day + 1).microseconds - 1};
  const auto end = Clock::now() + longest_search;
  found_ = {day.day, {}, day.compacted_up_to};
  while (found_.devices.size() < most_devices_found && Clock::now() < end) {
    auto device = segments_.next_device(found_.looked_up_to);
    found_.has_last = !device;
    if (!device) return;
    if (is_worth_it(segments_.overlapping(*device, first, last))) found_.devices.push_back(*device);
    found_.looked_up_to = std::move(*device);
  }
}

template <class Action>
void Compaction::write(Action action) {
  WriteTransaction transaction(database_, shared_, log_);
  action(Clock::now() + longest_transaction);
  const auto version = log_.raise_version();
  transaction.commit();
  shared_.note_version(version);
}

// Leaves a device alone whose segments cannot all be read.
void Compaction::compact(Day day, const DeviceId& device_id, Compacted& done) {
  const Timestamp first = start_of(day), last{start_of(day + 1).microseconds - 1};
  const auto segments = segments_.overlapping(device_id, first, last);
  if (!is_worth_it(segments)) return;
  std::vector<Status> records;
  for (const auto& segment : segments) {
    const auto some = guarded([&] { return segments_.records(device_id, segment.id); });
    if (!some) return;
    records.insert(records.end(), some->begin(), some->end());
  }
  log::sort_and_fold(records);
  for (const auto& segment : segments) segments_.remove(device_id, segment);
  done.segments_before += segments.size();
  done.segments_after += segments_.insert(device_id, records);
}

// Returns free pages at the end of the file to the file system, for a moment. Returns false when few are left, or if
// the file is from a version that did not set auto_vacuum.
bool Compaction::shrink_file() {
  constexpr const char* count_free_pages = "PRAGMA freelist_count";
  constexpr std::int64_t share_to_keep = 32;
  const auto before = single_integer(database_, count_free_pages);
  if (share_to_keep * before < single_integer(database_, "PRAGMA page_count")) return false;
  write([this](Clock::time_point end) {
    while (Clock::now() < end) database_.execute("PRAGMA incremental_vacuum(16)");
  });
  return single_integer(database_, count_free_pages) < before;
}

Expired Expiry::step(Timestamp expired_before) {
  shared_.expect_owned();
  Expired expired;
  if (!days_.has_segments_before(expired_before)) return expired;
  const WithoutSync without_sync(database_);
  WriteTransaction transaction(database_, shared_, log_);
  if (device_.empty()) days_.begin_expiry(expired_before);
  expired.has_more = expire(expired_before, expired);
  if (!expired.has_more) {
    device_.clear();
    days_.finish_expiry(expired_before);
  }
  const auto version = log_.raise_version();
  transaction.commit();
  shared_.note_version(version);
  return expired;
}

std::uint64_t Expiry::remove(const DeviceId& device_id, const SegmentTable::Segment& segment) {
  segments_.remove(device_id, segment);
  return segment.count;
}

// A segment that cannot be read stays until all of its records have expired.
std::uint64_t Expiry::cut(const DeviceId& device_id, const SegmentTable::Segment& segment, Timestamp expired_before) {
  auto records = guarded([&] { return segments_.records(device_id, segment.id); });
  if (!records) return 0;
  std::erase_if(*records, [&](const Status& record) { return record.timestamp < expired_before; });
  segments_.remove(device_id, segment);
  segments_.insert(device_id, *records);
  return segment.count - records->size();
}

// Removes records for a moment. Returns whether there are more devices.
bool Expiry::expire(Timestamp expired_before, Expired& expired) {
  const auto end = Clock::now() + longest_transaction;
  const Timestamp last{expired_before.microseconds - 1};
  for (auto device = segments_.next_device(device_); device; device = segments_.next_device(device_)) {
    for (const auto& segment : segments_.overlapping(*device, before_all_times, last)) {
      if (Clock::now() > end) return true;
      expired.records +=
          segment.last < expired_before ? remove(*device, segment) : cut(*device, segment, expired_before);
    }
    device_ = std::move(*device);
    if (Clock::now() > end) return true;
  }
  return false;
}

}  // namespace ubiety::sqlite
