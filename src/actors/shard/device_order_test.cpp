#include "actors/shard/device_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ubiety {
namespace {

TEST(DeviceOrderTest, IsThatOfTheIdsHoweverManyComeAtATime) {
  for (const std::size_t at_a_time : {1U, 2U, 7U, 256U, 5000U}) {
    std::deque<StatusUpdate> devices;
    DeviceOrder order(devices);
    EXPECT_TRUE(order.catch_up(at_a_time)) << "there is nobody";
    for (int i = 0; i < 1000; ++i) {
      devices.push_back({std::to_string(i * 7919 % 1009), {}});
      if (i % 300 == 299)
        while (!order.catch_up(at_a_time)) {
        }
    }
    while (!order.catch_up(at_a_time)) {
    }
    std::vector<std::string> expected, found;
    for (const auto& device : devices) expected.push_back(device.device_id);
    std::sort(expected.begin(), expected.end());
    for (auto at = order.after(""); at != order.end(); ++at) found.push_back(devices[*at].device_id);
    EXPECT_EQ(found, expected) << at_a_time;
    EXPECT_EQ(devices[*order.after("500")].device_id, *std::upper_bound(expected.begin(), expected.end(), "500"));
    EXPECT_EQ(order.after(expected.back()), order.end());
  }
}

}  // namespace
}  // namespace ubiety
