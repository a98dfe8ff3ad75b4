// A shard's devices in the order of their ids, for summaries in pages. It is brought up to date only for such a
// summary, and in steps, so that an update costs nothing for it. One thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "domain/status_update.hpp"

namespace ubiety {

class DeviceOrder {
 public:
  // Devices are added at the end, none is ever removed, and the deque outlives the order.
  using Devices = std::deque<StatusUpdate>;
  explicit DeviceOrder(const Devices& devices) : devices_(devices) {}

  // Sorts the next devices in, at most so many. Returns whether it has all devices.
  bool catch_up(std::size_t most);

  // The sorted devices after this id, by number in the deque.
  using Position = std::vector<std::uint32_t>::const_iterator;
  Position after(std::string_view device_id) const;
  Position end() const { return sorted_.end(); }

 private:
  const Devices& devices_;
  std::vector<std::uint32_t> sorted_;  // of the first devices, as many as it has
};

}  // namespace ubiety
