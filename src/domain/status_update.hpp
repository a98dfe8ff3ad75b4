// What a device reports, and what the service keeps as its latest status. The ranges of the numbers are here, and in
// the schemas of the stores and of the API. Plain values, any thread.
#pragma once

#include <cstdint>

#include "domain/device_id.hpp"
#include "domain/timestamp.hpp"

namespace ubiety {

inline constexpr int min_battery_level = 0, max_battery_level = 100;  // percent
inline constexpr int min_rssi = -160, max_rssi = 20;                  // dBm

// What an update says, and when, without the name of its device.
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
