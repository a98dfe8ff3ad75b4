// The latest status of a shard's devices, and what of them changed. One thread at a time.
#pragma once

#include <tsl/robin_set.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/messages.hpp"
#include "actors/shard/changed_devices.hpp"
#include "actors/shard/device_order.hpp"
#include "actors/shard/summary_chunks.hpp"
#include "domain/status_order.hpp"
#include "domain/status_update.hpp"

namespace ubiety {

// Which shard of `shards` a device belongs to. From the hash's upper half: the tables use the lower.
inline std::uint32_t shard_of(std::string_view device_id, std::uint32_t shards) {
  return static_cast<std::uint32_t>((std::hash<std::string_view>{}(device_id) >> 32) % shards);
}

class DeviceTable {
 public:
  DeviceTable(NewerThan newer_than, SummaryEncoder encoder) : newer_than_(newer_than), chunks_(encoder) {}
  DeviceTable(const DeviceTable&) = delete;
  DeviceTable& operator=(const DeviceTable&) = delete;

  // Takes in a durable update: stored when it now is the device's latest, else duplicate or late.
  UpdateOutcome apply(const StatusUpdate& update);

  // Takes in a status that a start found. What the checkpoint has already is no change to it.
  void load(const StatusUpdate& update, Origin origin);

  // nullptr for a device that never reported. Valid until the next apply.
  const Status* find(std::string_view device_id) const;

  std::size_t size() const { return devices_.size(); }

  std::uint64_t online() const { return online_; }

  // In the order of first appearance, in which a device keeps its index.
  const StatusUpdate& at(std::size_t index) const { return devices_[index]; }

  // The summary's JSON in chunks, see SummaryChunks.
  std::size_t chunks() const { return chunks_.size(); }
  std::size_t work_for_chunk(std::size_t chunk, bool deflated) const { return chunks_.work_for(chunk, deflated); }
  const SummaryChunks::Chunk& ready_chunk(std::size_t chunk, bool deflated);

  // Whether the devices are in the order of their ids; at most so many more are put into it.
  bool put_in_order(std::size_t most) { return order_.catch_up(most); }
  // Shows the devices behind this id, in that order, until `show` returns false or so many were shown. Returns whether
  // those were the last.
  template <class Show>
  bool for_each_after(std::string_view device_id, std::size_t most, Show show) const {
    auto at = order_.after(device_id);
    for (std::size_t shown = 0; at != order_.end() && shown < most; ++shown)
      if (!show(devices_[*at++])) break;
    return at == order_.end();
  }

  // How often a device's latest status was replaced.
  std::uint64_t version() const { return version_; }
  // Begins to count after an earlier table of the same devices.
  void continue_after(std::uint64_t version) { version_ = version + 1; }

  // Tells the devices from the `first` on, in order of first appearance, but no more than `most`.
  template <class Tell>
  void for_each_of(std::size_t first, std::size_t most, Tell tell) const {
    const auto end = std::min(devices_.size(), first + most);
    for (; first < end; ++first) tell(devices_[first]);
  }

  // From here on take_changes gives the devices that changed and were not given yet, or all.
  void begin_collection(bool everything);
  // The next of them, as they are now, no more than `most`. False when there are no more.
  bool take_changes(std::size_t most, std::vector<StatusUpdate>& changes);

 private:
  struct Hash {
    using is_transparent = void;
    const std::deque<StatusUpdate>* devices;
    std::size_t operator()(std::string_view device_id) const { return std::hash<std::string_view>{}(device_id); }
    std::size_t operator()(std::uint32_t index) const { return (*this)((*devices)[index].device_id); }
  };
  struct Equal {
    using is_transparent = void;
    const std::deque<StatusUpdate>* devices;
    bool operator()(std::uint32_t left, std::uint32_t right) const { return left == right; }
    bool operator()(std::uint32_t left, std::string_view right) const { return (*devices)[left].device_id == right; }
    bool operator()(std::string_view left, std::uint32_t right) const { return (*this)(right, left); }
  };

  // The device's index when the update is its latest now.
  std::optional<std::uint32_t> take_in(const StatusUpdate& update, UpdateOutcome& outcome);

  const NewerThan newer_than_;
  std::deque<StatusUpdate> devices_;  // in order of first appearance
  tsl::robin_set<std::uint32_t, Hash, Equal, std::allocator<std::uint32_t>, true> index_{0, Hash{&devices_},
                                                                                         Equal{&devices_}};
  std::uint64_t online_ = 0, version_ = 0;
  ChangedDevices changed_;
  SummaryChunks chunks_;
  DeviceOrder order_{devices_};
};

}  // namespace ubiety
