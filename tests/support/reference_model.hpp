// What a store has to return, kept in the simplest way: the model of tests that compare a store, or the whole service,
// with it. One thread.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "domain/status.hpp"

namespace ubiety::test {

class ReferenceModel {
 public:
  enum class Outcome { latest, late, repeat };
  struct Latest {
    StatusUpdate update;
    Timestamp newest;  // the latest timestamp of all updates of the device
  };

  // Updates are appended in the order of their receipt.
  Outcome append(const StatusUpdate& update) {
    const auto& [device_id, status] = update;
    if (const auto at = removed(device_id); at && is_removed(status, *at)) return Outcome::late;
    const bool is_new = records_[device_id].try_emplace(key_of(status), status.received).second;
    if (!is_new) return Outcome::repeat;
    const auto [latest, is_first] = latest_.try_emplace(device_id, Latest{update, status.timestamp});
    if (is_first) return Outcome::latest;
    // Its record has expired.
    if (same_report(status, latest->second.update.status)) return Outcome::repeat;
    latest->second.newest = std::max(latest->second.newest, status.timestamp);
    if (!NewerThan()(status, latest->second.update.status)) return Outcome::late;
    latest->second.update = update;
    return Outcome::latest;
  }

  // Sets when the device's latest update was received, where a test knows that only afterwards.
  void set_latest_received(const DeviceId& device_id, Timestamp received) {
    latest_.at(device_id).update.status.received = received;
  }

  // The latest statuses stay.
  void expire(Timestamp before) {
    for (auto& [device_id, records] : records_)
      std::erase_if(records, [before](const auto& record) { return std::get<0>(record.first) < before; });
  }

  void remove(const DeviceId& device_id, Timestamp at) {
    records_.erase(device_id);
    latest_.erase(device_id);
    removed_[device_id] = at;
  }
  // From here on any update brings a device back that was removed before then.
  void forget_removals(Timestamp before) {
    std::erase_if(removed_, [before](const auto& removal) { return removal.second < before; });
  }
  // nullopt if the device was never removed.
  std::optional<Timestamp> removed(const DeviceId& device_id) const {
    const auto found = removed_.find(device_id);
    return found == removed_.end() ? std::nullopt : std::optional(found->second);
  }

  // Newest first. The bounds are exclusive.
  std::vector<Status> history(const DeviceId& device_id, std::optional<Timestamp> since = {},
                              std::optional<Timestamp> before = {}) const {
    std::vector<Status> matching;
    const auto found = records_.find(device_id);
    if (found == records_.end()) return matching;
    for (const auto& record : found->second) {
      const auto status = status_of(record);
      if ((!since || status.timestamp > *since) && (!before || status.timestamp < *before)) matching.push_back(status);
    }
    std::sort(matching.begin(), matching.end(), newest_first);
    return matching;
  }

  // The last record at or before this time.
  std::optional<Status> record_at(const DeviceId& device_id, Timestamp time) const {
    const auto found = records_.find(device_id);
    if (found == records_.end()) return std::nullopt;
    const auto behind = found->second.upper_bound(Key{time, max_rssi, max_battery_level, true});
    if (behind == found->second.begin()) return std::nullopt;
    return status_of(*std::prev(behind));
  }

  bool has(const StatusUpdate& update) const {
    const auto found = records_.find(update.device_id);
    return found != records_.end() && found->second.contains(key_of(update.status));
  }

  // By device.
  const std::map<DeviceId, Latest>& latest() const { return latest_; }

 private:
  using Key = std::tuple<Timestamp, int, int, bool>;
  static Key key_of(const Status& status) {
    return {status.timestamp, status.rssi, status.battery_level, status.online};
  }
  static Status status_of(const std::pair<const Key, Timestamp>& record) {
    const auto& [timestamp, rssi, battery_level, online] = record.first;
    return {timestamp, record.second, static_cast<std::int16_t>(rssi), static_cast<std::uint8_t>(battery_level),
            online};
  }

  std::map<DeviceId, std::map<Key, Timestamp>> records_;  // the first receipt of each report
  std::map<DeviceId, Latest> latest_;
  std::map<DeviceId, Timestamp> removed_;
};

}  // namespace ubiety::test
