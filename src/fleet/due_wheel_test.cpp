#include "fleet/due_wheel.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <vector>

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// A wheel whose visitor keeps the devices that are not due.
class DueWheelTest : public ::testing::Test {
 protected:
  void put(std::uint32_t device, milliseconds due) {
    due_[device] = ListeningTime(due);
    wheel_.put(device, ListeningTime(due));
  }
  // Returns the devices that came due.
  std::set<std::uint32_t> advance(milliseconds now) {
    std::set<std::uint32_t> came;
    wheel_.advance(ListeningTime(now), [&](std::uint32_t device) -> std::optional<ListeningTime> {
      ++visits_;
      if (due_.at(device) > ListeningTime(now)) return due_.at(device);
      came.insert(device);
      return std::nullopt;
    });
    return came;
  }

  using Devices = std::set<std::uint32_t>;

  std::map<std::uint32_t, ListeningTime> due_;
  int visits_ = 0;
  DueWheel wheel_{ListeningTime{}};
};

TEST_F(DueWheelTest, visits_a_device_when_it_is_due) {
  put(7, 10s + 250ms);
  EXPECT_EQ(advance(10s), Devices{});
  EXPECT_EQ(advance(10s + 249ms), Devices{});
  EXPECT_EQ(advance(10s + 250ms), Devices{7});
  EXPECT_FALSE(wheel_.contains(7));
  EXPECT_EQ(advance(20s), Devices{});
}

TEST_F(DueWheelTest, visits_at_once_what_is_overdue) {
  advance(1h);
  put(1, 10s);
  EXPECT_EQ(advance(1h), Devices{1});
}

TEST_F(DueWheelTest, leaves_devices_alone_until_their_slot_comes) {
  for (std::uint32_t device = 0; device < 100; ++device) put(device, 1000s);
  for (auto now = 0s; now < 1000s; ++now) advance(now);
  EXPECT_EQ(visits_, 0);
  EXPECT_EQ(advance(1000s).size(), 100u);
}

TEST_F(DueWheelTest, keeps_a_device_that_is_due_beyond_its_slots) {
  put(3, 48h);
  for (auto now = 0s; now < 48h; ++now) ASSERT_EQ(advance(now), Devices{});
  EXPECT_EQ(advance(48h), Devices{3});
  EXPECT_LT(visits_, 48);
}

TEST_F(DueWheelTest, passes_over_no_slot_in_a_long_step) {
  for (std::uint32_t device = 0; device < 5000; ++device) put(device, device * 1s);
  EXPECT_EQ(advance(2h).size(), 5000u);
  put(1, 3h);
  EXPECT_EQ(advance(100h), Devices{1});
}

TEST_F(DueWheelTest, takes_out_a_device) {
  for (std::uint32_t device = 0; device < 5; ++device) put(device, 10s);
  wheel_.remove(0);
  wheel_.remove(2);
  wheel_.remove(4);
  wheel_.remove(4);
  wheel_.remove(99);
  EXPECT_FALSE(wheel_.contains(2));
  put(2, 20s);
  EXPECT_EQ(advance(10s), (Devices{1, 3}));
  EXPECT_EQ(advance(20s), Devices{2});
}

RC_GTEST_PROP(DueWheel, finds_each_device_at_the_first_call_after_it_is_due, ()) {
  const auto dues = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20'000'000));
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3'000'000));
  DueWheel wheel{ListeningTime{}};
  std::set<std::uint32_t> waiting;
  const auto due_of = [&](std::uint32_t device) { return ListeningTime(milliseconds(dues[device])); };
  for (std::uint32_t device = 0; device < dues.size(); ++device) {
    wheel.put(device, due_of(device));
    waiting.insert(device);
  }
  ListeningTime now{};
  for (const auto step : steps) {
    now += milliseconds(step);
    wheel.advance(now, [&](std::uint32_t device) -> std::optional<ListeningTime> {
      if (due_of(device) > now) return due_of(device);
      RC_ASSERT(waiting.erase(device) == 1u);
      return std::nullopt;
    });
    for (const auto device : waiting) RC_ASSERT(due_of(device) > now);
  }
}

}  // namespace
}  // namespace ubiety
