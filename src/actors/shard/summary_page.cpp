#include "actors/shard/summary_page.hpp"

#include <algorithm>

namespace ubiety {
namespace {

// Leaves the `count` devices that come first by their ids, in order.
void keep_first(std::vector<const StatusUpdate*>& devices, std::size_t count) {
  const auto by_id = [](const StatusUpdate* left, const StatusUpdate* right) {
    return left->device_id < right->device_id;
  };
  if (devices.size() > count) {
    std::nth_element(devices.begin(), devices.begin() + static_cast<std::ptrdiff_t>(count), devices.end(), by_id);
    devices.resize(count);
  }
  std::sort(devices.begin(), devices.end(), by_id);
}

}  // namespace

SummaryPage page_of(const DeviceTable& table, const SummaryQuery& query, const SummaryEncoder& encoder) {
  SummaryPage page;
  std::vector<const StatusUpdate*> listed;
  table.for_each([&](const StatusUpdate& device) {
    if (!query.filter.matches(device.device_id, device.status)) return;
    ++page.devices;
    if (device.status.online) ++page.online;
    if (query.after.empty() || device.device_id > query.after) listed.push_back(&device);
  });
  if (query.limit) keep_first(listed, *query.limit + 1);
  page.entries.reserve(listed.size());
  for (const auto* device : listed) {
    page.entries.push_back({device->device_id, {}});
    encoder.render(page.entries.back().json, device->device_id, device->status);
  }
  return page;
}

}  // namespace ubiety
