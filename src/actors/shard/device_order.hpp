// A shard's devices in the order of their ids, for those who page. Kept only when somebody asks, and a step at a time:
// an update costs nothing for it. One thread at a time.
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

  // Takes in the next devices that it does not have, at most so many. Returns whether it has all of them.
  bool catch_up(std::size_t most);

  // By number in the deque: the devices behind this id that it has.
  using Position = std::vector<std::uint32_t>::const_iterator;
  Position after(std::string_view device_id) const;
  Position end() const { return sorted_.end(); }

 private:
  const Devices& devices_;
  std::vector<std::uint32_t> sorted_;  // of the first devices, as many as it has
};

}  // namespace ubiety
