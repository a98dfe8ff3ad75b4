// What a device reports, and what the service keeps as its latest status. Plain values, any thread.
#pragma once

#include <cstdint>

#include "domain/device_id.hpp"
#include "domain/timestamp.hpp"

namespace ubiety {

inline constexpr int lowest_battery_level = 0, highest_battery_level = 100;  // percent
inline constexpr int lowest_rssi = -160, highest_rssi = 20;                  // dBm

// A status without its device's name: what an update says, and when.
struct Status {
  Timestamp timestamp;  // by the device's clock
  Timestamp received;   // by the service's clock
  std::int16_t rssi = 0;
  std::uint8_t battery_level = 0;
  bool online = false;

  friend bool operator==(const Status&, const Status&) = default;
};

struct StatusUpdate {
  DeviceId device_id;
  Status status;

  friend bool operator==(const StatusUpdate&, const StatusUpdate&) = default;
};

}  // namespace ubiety
