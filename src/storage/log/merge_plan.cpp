#include "storage/log/merge_plan.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>

#include "domain/status.hpp"

namespace ubiety::log {
namespace {

std::chrono::sys_days day_of(Timestamp time) {
  using namespace std::chrono;
  return floor<days>(sys_time<microseconds>{microseconds{time.microseconds}});
}

}  // namespace

bool oldest_first(const Status& left, const Status& right) { return newest_first(right, left); }

void sort_and_fold(std::vector<Status>& records) {
  // Most devices report in order, and never twice at one time.
  const auto is_not_later = [](const Status& left, const Status& right) { return left.timestamp >= right.timestamp; };
  if (std::adjacent_find(records.begin(), records.end(), is_not_later) == records.end()) return;
  const auto key = [](const Status& record) {
    return std::make_tuple(record.timestamp, record.battery_level, record.rssi, record.online, record.received);
  };
  std::sort(records.begin(), records.end(),
            [key](const Status& left, const Status& right) { return key(left) < key(right); });
  records.erase(std::unique(records.begin(), records.end(), same_report), records.end());
  std::sort(records.begin(), records.end(), oldest_first);
}

std::vector<std::span<const Status>> plan_segments(std::span<const Status> records, std::size_t max_records) {
  std::vector<std::span<const Status>> segments;
  while (!records.empty()) {
    const auto day = day_of(records.front().timestamp);
    const auto is_of_day = [day](const Status& record) { return day_of(record.timestamp) == day; };
    const auto end_of_day = std::partition_point(records.begin(), records.end(), is_of_day);
    auto end = end_of_day;
    if (end - records.begin() > static_cast<std::ptrdiff_t>(max_records)) {
      end = records.begin() + static_cast<std::ptrdiff_t>(max_records);
      const auto cut = end->timestamp;
      const auto is_before_cut = [cut](const Status& record) { return record.timestamp < cut; };
      end = std::partition_point(records.begin(), end, is_before_cut);
      if (end == records.begin())  // all have the same timestamp
        end = std::partition_point(records.begin(), end_of_day,
                                   [cut](const Status& record) { return record.timestamp <= cut; });
    }
    const auto size = static_cast<std::size_t>(end - records.begin());
    segments.push_back(records.first(size));
    records = records.subspan(size);
  }
  return segments;
}

}  // namespace ubiety::log
