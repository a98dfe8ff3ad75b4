// What rows and segments have in common: how a status's values are written, and which values are possible. Pure
// functions, any thread.
#pragma once

#include <cstdint>
#include <string>

#include "domain/status.hpp"
#include "storage/log/bytes.hpp"

namespace ubiety::log {

inline bool is_possible(Timestamp time) { return earliest_timestamp <= time && time <= latest_timestamp; }

// Two bytes: the battery level with the online flag, and the RSSI above its minimum.
inline void append_values(std::string& out, const Status& status) {
  out += static_cast<char>(status.battery_level << 1 | (status.online ? 1 : 0));
  out += static_cast<char>(status.rssi - min_rssi);
}

// Returns false if the values are out of their ranges.
inline bool read_values(ByteReader& bytes, Status& status) {
  const int level_and_flag = bytes.byte(), above_minimum = bytes.byte();
  status.battery_level = static_cast<std::uint8_t>(level_and_flag >> 1);
  status.online = (level_and_flag & 1) != 0;
  status.rssi = static_cast<std::int16_t>(above_minimum + min_rssi);
  return status.battery_level <= max_battery_level && status.rssi <= max_rssi;
}

// Adds a difference that was read from bytes, which may be any number. Returns an impossible time when the sum is one.
inline Timestamp plus(Timestamp time, std::int64_t microseconds) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(time.microseconds, microseconds, &sum) ? Timestamp{INT64_MAX} : Timestamp{sum};
}

}  // namespace ubiety::log
