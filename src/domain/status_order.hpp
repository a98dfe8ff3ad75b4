// How statuses compare: which one is the latest, how a history and its key are sorted. Shards, stores, recovery
// and tests all use these, and no other. Pure functions, any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <compare>
#include <tuple>

#include "domain/status_update.hpp"

namespace ubiety {

// The one comparator that chooses the latest status: by min(timestamp, received + skew), then by received. A device
// whose clock runs ahead can hold its latest status for `skew` at most. Remaining ties are broken by the values: the
// order must be total, or the outcome would depend on the order of arrival, and a restart could reverse it.
class NewerThan {
 public:
  explicit NewerThan(std::chrono::microseconds max_clock_skew = std::chrono::seconds(300))
      : max_clock_skew_(max_clock_skew) {}

  bool operator()(const Status& candidate, const Status& latest) const { return rank(candidate) > rank(latest); }

  std::chrono::microseconds max_clock_skew() const { return max_clock_skew_; }

 private:
  using Rank = std::tuple<Timestamp, Timestamp, Timestamp, int, int, bool>;

  Rank rank(const Status& status) const {
    return {std::min(status.timestamp, status.received + max_clock_skew_),
            status.received,
            status.timestamp,
            status.battery_level,
            status.rssi,
            status.online};
  }

  std::chrono::microseconds max_clock_skew_;
};

// The order of a history: newest first by the device's clock; of equal timestamps, the last received first. Remaining
// ties are broken by the values: the order must be total, so that consecutive pages leave no gap.
inline bool newest_first(const Status& left, const Status& right) {
  const auto rank = [](const Status& status) {
    return std::make_tuple(status.timestamp, status.received, status.battery_level, status.rssi, status.online);
  };
  return rank(left) > rank(right);
}

// Whether two statuses of a device report the same: they may differ only in their time of receipt.
inline bool same_report(const Status& left, const Status& right) {
  return left.timestamp == right.timestamp && left.battery_level == right.battery_level && left.rssi == right.rssi &&
         left.online == right.online;
}

// The order of the history's key, in which updates are written; of the same reports the last received first.
inline bool key_before(const StatusUpdate& left, const StatusUpdate& right) {
  if (const auto order = left.device_id.compare(right.device_id); order != 0) return order < 0;
  const auto key = [](const Status& status) {
    return std::make_tuple(status.timestamp, status.battery_level, status.rssi, status.online);
  };
  const auto left_key = key(left.status), right_key = key(right.status);
  return left_key != right_key ? left_key < right_key : left.status.received > right.status.received;
}

}  // namespace ubiety
