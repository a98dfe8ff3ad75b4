// A device's latest status, and what must be remembered of each device to find its problems, in 24 bytes together: as
// many as a Status takes. One thread at a time.
#pragma once

#include <cstdint>

#include "domain/status.hpp"
#include "fleet/battery_trend.hpp"
#include "fleet/departures.hpp"

namespace ubiety {

class WatchedStatus {
 public:
  explicit WatchedStatus(const Status& status) { set(status); }

  Status status() const {
    return {timestamp_, received_, static_cast<std::int16_t>(rssi_ + min_rssi), battery_level_, online_ == 1};
  }
  void set(const Status& status) {
    timestamp_ = status.timestamp;
    received_ = status.received;
    rssi_ = static_cast<std::uint8_t>(status.rssi - min_rssi);
    battery_level_ = status.battery_level & 0x7F;
    online_ = status.online ? 1 : 0;
  }

  BatteryTrend& battery_trend() { return battery_trend_; }
  const BatteryTrend& battery_trend() const { return battery_trend_; }

  Departures departures() const { return Departures::from_bits(departures_); }
  void set_departures(Departures departures) { departures_ = departures.bits() & 0x7FFF; }

  // Whether ProblemWatch keeps more about the device elsewhere.
  bool is_noted() const { return is_noted_ == 1; }
  void set_noted(bool is_noted) { is_noted_ = is_noted ? 1 : 0; }

 private:
  static_assert(max_rssi - min_rssi < 256 && max_battery_level < 128);

  Timestamp timestamp_, received_;
  BatteryTrend battery_trend_;
  std::uint16_t departures_ : 15 = 0;
  std::uint16_t is_noted_ : 1 = 0;
  std::uint8_t rssi_ = 0;
  std::uint8_t battery_level_ : 7 = 0;
  std::uint8_t online_ : 1 = 0;
};

static_assert(sizeof(WatchedStatus) == sizeof(Status));

}  // namespace ubiety
