// Removed devices. A removal names a moment, and takes away every update of its device that is_removed(). That is a
// pure rule, so it does not matter where an update is, or which of the two the store has first. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "domain/status.hpp"

namespace ubiety::log {

struct Removal {
  DeviceId device_id;
  Timestamp at;

  friend bool operator==(const Removal&, const Removal&) = default;
};

class Removals {
 public:
  // Of two removals of a device the later one counts.
  void add(const Removal& removal) {
    auto& at = moments_.try_emplace(removal.device_id, removal.at).first->second;
    at = std::max(at, removal.at);
    newest_ = std::max(newest_, removal.at);
  }

  // When the device was removed last; nullopt if that is not known.
  std::optional<Timestamp> of(std::string_view device_id) const {
    if (moments_.empty()) return std::nullopt;
    const auto found = moments_.find(device_id);
    return found == moments_.end() ? std::nullopt : std::optional(found->second);
  }

  // Whether a removal takes the status away. Costs a current status no look-up.
  bool take(std::string_view device_id, const Status& status) const {
    if (moments_.empty() || !is_removed(status, newest_)) return false;
    const auto at = of(device_id);
    return at && is_removed(status, *at);
  }

  void forget_before(Timestamp time) {
    std::erase_if(moments_, [time](const auto& removal) { return removal.second < time; });
  }

  std::size_t size() const { return moments_.size(); }
  bool empty() const { return moments_.empty(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view device_id) const { return std::hash<std::string_view>{}(device_id); }
  };

  std::unordered_map<DeviceId, Timestamp, Hash, std::equal_to<>> moments_;
  Timestamp newest_ = earliest_timestamp;
};

}  // namespace ubiety::log
