// The two orders of a device's statuses: which one is the latest, and how a history is sorted. Shards, stores, recovery
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

}  // namespace ubiety
