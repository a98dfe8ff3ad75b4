// What the disks hold: the three tables of the store and the spool, and what can be said of them.
#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "domain/status.hpp"

namespace ubiety::simulation {

inline const std::array<DeviceId, 5> device_names{"a", "b", "c", "d", "e"};
inline const NewerThan newer_than{std::chrono::minutes(5)};

// A report that the store refuses for what it is.
inline constexpr std::int16_t refused_rssi = min_rssi;

// What makes a row of a device's history the same row.
using RowKey = std::tuple<Timestamp, std::uint8_t, std::int16_t, bool>;

inline RowKey key_of(const Status& status) {
  return {status.timestamp, status.battery_level, status.rssi, status.online};
}

using LatestMap = std::map<DeviceId, Status>;

struct SpoolContent {
  std::deque<StatusUpdate> waiting;
  std::int64_t last_removed = 0;  // the place before the first that waits; they begin anew when nothing does
  std::optional<Timestamp> received_floor;

  void remove_through(std::int64_t last);
};

struct Durable {
  std::map<DeviceId, std::map<RowKey, Status>> rows;  // device_status; received is created_at
  LatestMap latest;                                   // device_latest
  Timestamp watermark{};
  SpoolContent spool;

  // Whether its row is in the store or waits for it, received then or later.
  bool has(const StatusUpdate& update) const;
};

std::string text_of(const Status& status);
std::string text_of(const std::optional<Status>& status);
std::string text_of(const StatusUpdate& update);

// The latest of each device by all rows, those that wait in the spool among them.
LatestMap latest_of_all_rows(const Durable& durable);

// The latest of each device as a start finds them: device_latest, the rows since the watermark, and the spool.
LatestMap latest_of_a_start(const Durable& durable);

}  // namespace ubiety::simulation
