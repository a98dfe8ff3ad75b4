// How the fleet is, counted by each shard among its devices.
#pragma once

#include <cstdint>

#include "actors/reply.hpp"
#include "domain/timestamp.hpp"

namespace ubiety {

struct FleetCounts {
  std::uint64_t devices = 0;
  std::uint64_t online = 0;
  std::uint64_t stale = 0;        // nothing was received from them since
  std::uint64_t low_battery = 0;  // below 20 %

  FleetCounts& operator+=(const FleetCounts& other) {
    devices += other.devices;
    online += other.online;
    stale += other.stale;
    low_battery += other.low_battery;
    return *this;
  }
};

// Answered after a scan of all devices.
struct CountFleet {
  Timestamp stale_before;
  Reply<FleetCounts> reply;
};

}  // namespace ubiety
