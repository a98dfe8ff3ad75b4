// What a device reports: the rules for its id, its status, and how statuses compare. Plain values and pure functions,
// any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "domain/timestamp.hpp"

namespace ubiety {

// -- the device id --

// An id that passed check_device_id, in UTF-8: 1 to 255 Unicode characters, no control character, and no name that
// GET /status/{device_id} cannot address. A plain string, because every update copies it.
using DeviceId = std::string;

inline constexpr std::size_t max_device_id_length = 255;  // characters
inline constexpr std::string_view reserved_device_id = "summary";

enum class DeviceIdFault {
  empty,
  too_long,
  control_character,
  reserved,
  dot_segment,  // `.` or `..`, which clients remove from a path (RFC 3986, 5.2.4)
  not_utf8,
};

// Returns what is wrong with `text` as a device id; nullopt if it is valid.
std::optional<DeviceIdFault> check_device_id(std::string_view text);

// Returns why GET /status/{device_id} cannot address `text`: `reserved`, `dot_segment`, or nullopt if it can.
std::optional<DeviceIdFault> check_reserved(std::string_view text);

// The rule that an id breaks, for a person.
std::string_view rule_of(DeviceIdFault fault);

// -- the status --

// The schemas of the stores and of the API have the same ranges.
inline constexpr int min_battery_level = 0, max_battery_level = 100;  // percent
inline constexpr int min_rssi = -160, max_rssi = 20;                  // dBm

// The content of an update, without the device id.
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

// The one comparator that chooses the latest status: by min(timestamp, received + skew), then by received. A device
// whose clock runs ahead can hold its latest status for `skew` at most. The values break the remaining ties: the order
// must be total, or the outcome would depend on the order of arrival, and a restart could reverse it. Shards, stores
// and recovery compare by this and the following functions only.
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

// The order of a history: newest first by the device's clock; of equal timestamps, the last received first. The values
// break the remaining ties: the order must be total, so that consecutive pages leave no gap.
inline bool newest_first(const Status& left, const Status& right) {
  const auto rank = [](const Status& status) {
    return std::make_tuple(status.timestamp, status.received, status.battery_level, status.rssi, status.online);
  };
  return rank(left) > rank(right);
}

// Whether the removal of a device at this moment takes the status away: it was received by then, or reports a time of
// before. So a report that comes twice, or late, does not bring the device back.
inline bool is_removed(const Status& status, Timestamp removed) {
  return std::min(status.timestamp, status.received) <= removed;
}

// Whether two statuses of a device report the same: they may differ only in their time of receipt.
inline bool same_report(const Status& left, const Status& right) {
  return left.timestamp == right.timestamp && left.battery_level == right.battery_level && left.rssi == right.rssi &&
         left.online == right.online;
}

// By device, then by timestamp and values, so that exact repeats lie together; of these the first received first.
inline bool key_before(const StatusUpdate& left, const StatusUpdate& right) {
  if (const auto order = left.device_id.compare(right.device_id); order != 0) return order < 0;
  const auto key = [](const Status& status) {
    return std::make_tuple(status.timestamp, status.battery_level, status.rssi, status.online);
  };
  const auto left_key = key(left.status), right_key = key(right.status);
  return left_key != right_key ? left_key < right_key : left.status.received < right.status.received;
}

}  // namespace ubiety
