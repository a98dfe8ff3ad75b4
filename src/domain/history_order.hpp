// The order of a history: newest first by the device's clock; of equal timestamps the last received first. Stores sort
// by it, and whoever merges their rows with others.
#pragma once

#include <tuple>

#include "domain/status_update.hpp"

namespace ubiety {

// Total, so that pages follow upon each other without a gap: what else is equal is ordered by its values.
inline bool newest_first(const Status& left, const Status& right) {
  const auto place = [](const Status& status) {
    return std::make_tuple(status.timestamp, status.received, status.battery_level, status.rssi, status.online);
  };
  return place(left) > place(right);
}

}  // namespace ubiety
