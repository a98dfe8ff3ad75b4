#include "storage/log/repetitions.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace ubiety::log {

std::vector<Timestamp> times_of(std::span<const Status> records) {
  std::vector<Timestamp> times;
  times.reserve(records.size());
  for (const auto& record : records) times.push_back(record.timestamp);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

bool has_time(std::span<const Timestamp> times, Timestamp first, Timestamp last) {
  const auto found = std::lower_bound(times.begin(), times.end(), first);
  return found != times.end() && *found <= last;
}

void append_at(std::span<const Timestamp> times, std::span<const Status> records, std::vector<Status>& found) {
  std::copy_if(records.begin(), records.end(), std::back_inserter(found), [times](const Status& record) {
    return std::binary_search(times.begin(), times.end(), record.timestamp);
  });
}

void drop_stored(std::vector<Status>& records, std::vector<Status> stored) {
  const auto before = [](const Status& left, const Status& right) {
    const auto report = [](const Status& status) {
      return std::make_tuple(status.timestamp, status.battery_level, status.rssi, status.online);
    };
    return report(left) < report(right);
  };
  std::sort(stored.begin(), stored.end(), before);
  std::erase_if(records,
                [&](const Status& record) { return std::binary_search(stored.begin(), stored.end(), record, before); });
}

}  // namespace ubiety::log
