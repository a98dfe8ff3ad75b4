#include "actors/device_filter.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

using namespace std::chrono_literals;

const Status status{{}, {}, -70, 50, true};

bool matches(const DeviceFilter& filter, std::string_view device_id = "GW07-Sensor") {
  return filter.matches({device_id, status, false, 0s});
}

bool is_silent_for(std::chrono::milliseconds unheard, bool is_silent = true) {
  return DeviceFilter{.silent_for = 10s}.matches({"a", status, is_silent, unheard});
}

TEST(DeviceFilter, selects_every_device_when_it_is_empty) {
  EXPECT_TRUE(DeviceFilter{}.is_empty());
  EXPECT_TRUE(matches({}));
  EXPECT_FALSE(DeviceFilter{.part = "a"}.is_empty());
}

TEST(DeviceFilter, selects_by_what_a_device_reported) {
  EXPECT_TRUE(matches({.online = true}));
  EXPECT_FALSE(matches({.online = false}));
  EXPECT_TRUE(matches({.battery_below = 51}));
  EXPECT_FALSE(matches({.battery_below = 50}));
  EXPECT_TRUE(matches({.rssi_below = -69}));
  EXPECT_FALSE(matches({.rssi_below = -70}));
}

TEST(DeviceFilter, selects_by_silence) {
  EXPECT_TRUE(matches({.stale = false}));
  EXPECT_FALSE(matches({.stale = true}));
  EXPECT_TRUE(is_silent_for(10s));
  EXPECT_FALSE(is_silent_for(9'999ms));
  EXPECT_FALSE(is_silent_for(1h, false)) << "it may be quiet for so long";
  EXPECT_TRUE(DeviceFilter{.silent_for = 10s}.changes_without_version());
  EXPECT_FALSE(DeviceFilter{.stale = true}.changes_without_version());
}

TEST(DeviceFilter, selects_by_the_id) {
  EXPECT_TRUE(matches({.prefix = "GW07"}));
  EXPECT_FALSE(matches({.prefix = "gw07"})) << "a prefix has a case";
  for (const auto* part : {"gw07", "7-s", "sensor", "gw07-sensor"}) EXPECT_TRUE(matches({.part = part})) << part;
  for (const auto* part : {"gw8", "sensors", "gw07-sensor1", "\xC3\xA9"}) EXPECT_FALSE(matches({.part = part})) << part;
  EXPECT_TRUE(matches({.part = "\xC3\xA9"}, "caf\xC3\xA9"));
  EXPECT_FALSE(matches({.part = "\xC3\xA9"}, "CAF\xC3\x89")) << "only ASCII has a case";
  EXPECT_FALSE(matches({.online = true, .prefix = "GW07", .part = "x"}));
}

}  // namespace
}  // namespace ubiety
