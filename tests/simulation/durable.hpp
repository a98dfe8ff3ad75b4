// What the disk holds: the three tables of the store, and what can be said of them.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "domain/newer.hpp"
#include "domain/status_update.hpp"

namespace ubiety::simulation {

inline const std::array<DeviceId, 5> device_names{"a", "b", "c", "d", "e"};
inline const NewerThan newer_than{std::chrono::minutes(5)};

// A report that the store refuses for what it is.
inline constexpr std::int16_t refused_rssi = -160;

// What makes a row of a device's history the same row.
using RowKey = std::tuple<Timestamp, std::uint8_t, std::int16_t, bool>;

inline RowKey key_of(const Status& status) {
  return {status.timestamp, status.battery_level, status.rssi, status.online};
}

using LatestMap = std::map<DeviceId, Status>;

struct Durable {
  std::map<DeviceId, std::map<RowKey, Status>> rows;  // device_status; received is created_at
  LatestMap latest;                                   // device_latest
  Timestamp watermark{};

  const Status* row_of(const StatusUpdate& update) const;
};

std::string text_of(const Status& status);
std::string text_of(const std::optional<Status>& status);
std::string text_of(const StatusUpdate& update);

// The latest of each device by all rows.
LatestMap latest_of_all_rows(const Durable& durable);

// The latest of each device as a start finds them: device_latest, and the rows since the watermark.
LatestMap latest_of_a_start(const Durable& durable);

}  // namespace ubiety::simulation
