// How the fleet is, counted by each shard among its devices.
#pragma once

#include <cstddef>
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

struct ShardFleet {
  std::uint32_t shard;
  FleetCounts counts;
};

// Answered after a scan of all devices. The shard scans a slice of them at a time, and sends itself what is left to do:
// updates do not wait for the whole.
struct CountFleet {
  Timestamp stale_before;
  Reply<ShardFleet> reply;
  std::size_t scanned = 0;  // of the shard's devices
  FleetCounts counts{};     // of those
};

}  // namespace ubiety
