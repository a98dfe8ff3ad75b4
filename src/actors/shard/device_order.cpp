#include "actors/shard/device_order.hpp"

#include <algorithm>
#include <numeric>

namespace ubiety {

// New devices are placed from the last to the first: each finds its place by bisection, and the run of older devices
// behind it moves up at once.
bool DeviceOrder::catch_up(std::size_t most) {
  const auto before = [this](std::uint32_t left, std::uint32_t right) {
    return devices_[left].device_id < devices_[right].device_id;
  };
  const auto known = sorted_.size();
  std::vector<std::uint32_t> added(std::min(most, devices_.size() - known));
  std::iota(added.begin(), added.end(), static_cast<std::uint32_t>(known));
  std::sort(added.rbegin(), added.rend(), before);  // the last first
  sorted_.resize(known + added.size());
  auto older_end = sorted_.begin() + static_cast<std::ptrdiff_t>(known);
  auto gap_end = sorted_.end();
  for (const auto device : added) {
    const auto place = std::upper_bound(sorted_.begin(), older_end, device, before);
    gap_end = std::move_backward(place, older_end, gap_end);
    *--gap_end = device;
    older_end = place;
  }
  return sorted_.size() == devices_.size();
}

DeviceOrder::Position DeviceOrder::after(std::string_view device_id) const {
  return std::upper_bound(sorted_.begin(), sorted_.end(), device_id, [this](std::string_view id, std::uint32_t device) {
    return id < devices_[device].device_id;
  });
}

}  // namespace ubiety
