// Which devices of a shard are muted, and how many. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "domain/timestamp.hpp"
#include "fleet/mutes.hpp"

namespace ubiety {

class MutedDevices {
 public:
  // From now on these mutes count; all of them run. The devices are to be counted again: see count().
  void set(std::shared_ptr<const Mutes> mutes) {
    mutes_ = std::move(mutes);
    counted_ = 0;
    next_ = 0;
    is_counting_ = true;
  }
  const std::shared_ptr<const Mutes>& mutes() const { return mutes_; }

  // The end of its last mute; nullopt if the device is not muted.
  std::optional<Timestamp> until(std::string_view device_id) const {
    return mutes_->until(device_id, earliest_timestamp);
  }
  bool is_muted(std::string_view device_id) const { return until(device_id).has_value(); }

  // A device came or went.
  void note_added(std::uint32_t device, std::string_view device_id) { note(device, device_id, 1); }
  void note_removed(std::uint32_t device, std::string_view device_id) { note(device, device_id, -1); }

  // Counts at most so many further devices of all numbers below `end`: calls `look(device)`, which returns whether
  // there is a device of this number and it is muted. Returns whether all are counted.
  template <class Look>
  bool count(std::size_t end, std::size_t most, Look look) {
    for (const auto stop = std::min(end, next_ + most); is_counting_ && next_ < stop; ++next_)
      counted_ += look(static_cast<std::uint32_t>(next_)) ? 1 : 0;
    if (next_ < end && is_counting_) return false;
    if (std::exchange(is_counting_, false)) devices_ = counted_;
    return true;
  }

  // As they were counted last.
  std::int64_t devices() const { return devices_; }

 private:
  void note(std::uint32_t device, std::string_view device_id, int more) {
    if (mutes_->is_empty() || !is_muted(device_id)) return;
    if (!is_counting_)
      devices_ += more;
    else if (device < next_)
      counted_ += more;
  }

  std::shared_ptr<const Mutes> mutes_ = std::make_shared<const Mutes>();
  std::int64_t devices_ = 0;
  bool is_counting_ = false;  // again
  std::int64_t counted_ = 0;  // of the numbers before `next_`
  std::size_t next_ = 0;
};

}  // namespace ubiety
