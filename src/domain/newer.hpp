// The one rule that says which of two statuses of a device is its latest. Shards, recovery and tests all ask here.
#pragma once

#include <algorithm>
#include <chrono>
#include <compare>
#include <tuple>

#include "domain/status_update.hpp"

namespace ubiety {

// Orders statuses of one device: by min(timestamp, received + skew), then by received. A clock that runs ahead can so
// hold the latest status for `skew` at most. What still is equal is ordered by its values: the order has to be total,
// or the outcome would depend on the order of arrival, and a restart could turn it round.
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

}  // namespace ubiety
