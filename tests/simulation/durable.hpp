// What the disks hold: the store's log, history and latest statuses, and the spool; and what follows from them.
#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "domain/status.hpp"
#include "storage/log/format.hpp"
#include "storage/log/merge_plan.hpp"
#include "storage/log/position.hpp"

namespace ubiety::simulation {

inline const std::array<DeviceId, 5> device_names{"a", "b", "c", "d", "e"};
inline const NewerThan newer_than{std::chrono::minutes(5)};

// A report that the store refuses for what it is.
inline constexpr std::int16_t refused_rssi = min_rssi;

// What makes a record of a device's history the same record.
using RecordKey = std::tuple<Timestamp, std::uint8_t, std::int16_t, bool>;

inline RecordKey key_of(const Status& status) {
  return {status.timestamp, status.battery_level, status.rssi, status.online};
}

using LatestMap = std::map<DeviceId, Status>;

struct Durable {
  struct Stream {
    bool is_open = false;
    std::int64_t last = 0;  // the sequence of its last row, merged or not
  };
  // A merge in slices that is under way, or was interrupted.
  struct Merge {
    log::Positions through;
    DeviceId reached;  // devices up to this one are merged
  };
  struct Removal {
    Timestamp at;
    bool is_swept = false;
  };

  // Whether the history has the device's updates of this row of the log.
  bool has_merged(log::Position position, const DeviceId& device_id) const;
  // Whether a record of the same report is in the store or waits in the spool.
  bool has(const StatusUpdate& update) const;
  // Whether a removal takes the update away.
  bool is_removed(const DeviceId& device_id, const Status& status) const;
  // The updates of a row that are not merged.
  std::vector<StatusUpdate> unmerged(const log::Row& row) const;

  std::map<log::StreamId, Stream> streams;
  std::vector<log::Row> log;  // in the order of the appends: the streams' ids are random
  // A row that is visible, but not on the standby: its append is under way, and a failover loses it.
  std::optional<log::Row> unreplicated;
  std::map<DeviceId, std::vector<Status>> history;
  std::map<DeviceId, log::LatestStatus> latest;  // of what is merged
  std::map<DeviceId, Removal> removals;
  std::optional<Merge> merge;
  std::deque<log::Row> spool;
};

std::string text_of(const Status& status);
std::string text_of(const std::optional<Status>& status);
std::string text_of(const StatusUpdate& update);

// The latest status of each device by all records that no removal takes away, those of log and spool among them.
LatestMap latest_of_all_records(const Durable& durable);

// The latest status of each device as a start finds them: the latest of what is merged, the log, and the spool.
LatestMap latest_of_a_start(const Durable& durable);

}  // namespace ubiety::simulation
