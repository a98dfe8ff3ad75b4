#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <vector>

#include "fleet/group_silence.hpp"
#include "support/reporting_devices.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::milliseconds;
using test::DeviceKind;
using test::ReportingDevices;

// Gateways of devices that know their rhythms. The groups are 1 to `gateways`.
ReportingDevices learned(const std::vector<DeviceKind>& kinds, int devices_each, GroupNumber gateways,
                         std::uint64_t seed) {
  ReportingDevices devices(15min, seed);
  for (GroupNumber group = 1; group <= gateways; ++group)
    for (int i = 0; i < devices_each; ++i) devices.add(kinds[static_cast<std::size_t>(i) % kinds.size()], 1, group);
  devices.run(days(16));
  devices.fleet.problems.clear();
  EXPECT_TRUE(devices.fleet.began.empty());
  return devices;
}

const std::vector<DeviceKind> mixed(std::begin(test::all_device_kinds), std::end(test::all_device_kinds));

// The devices of the group with a problem.
std::set<std::uint32_t> problems_of(const ReportingDevices& devices, GroupNumber group) {
  std::set<std::uint32_t> problems;
  for (const auto& event : devices.fleet.problems)
    if (devices.group_of(event.device) == group) problems.insert(event.device);
  return problems;
}

// Devices of the group that had been quiet for longer than usual. They are problems of their own.
std::set<std::uint32_t> overdue_of(const ReportingDevices& devices, GroupNumber group) {
  std::set<std::uint32_t> overdue;
  for (std::uint32_t device = 0; device < devices.size(); ++device) {
    const auto usual = std::max<milliseconds>(15min / 2, devices.fleet.silence_of(device).usual);
    if (devices.group_of(device) == group && devices.last_heard(device) + usual < devices.fleet.now())
      overdue.insert(device);
  }
  return overdue;
}

std::set<std::uint32_t> without(std::set<std::uint32_t> devices, const std::set<std::uint32_t>& others) {
  std::erase_if(devices, [&](std::uint32_t device) { return others.contains(device); });
  return devices;
}

std::set<std::uint32_t> first(std::uint32_t count) {
  std::set<std::uint32_t> devices;
  for (std::uint32_t device = 0; device < count; ++device) devices.insert(device);
  return devices;
}

// Runs until `happened`, or for so long.
template <class Happened>
bool run_until(ReportingDevices& devices, std::chrono::hours most, Happened happened) {
  for (const auto end = devices.fleet.now() + most; devices.fleet.now() < end; devices.run(1min))
    if (happened()) return true;
  return happened();
}

struct Gateway {
  const char* name;
  std::vector<DeviceKind> kinds;
  GroupNumber gateways;
  std::uint64_t seed;
};
void PrintTo(const Gateway& gateway, std::ostream* out) { *out << gateway.name << " " << gateway.seed; }

class GatewayOutage : public ::testing::TestWithParam<Gateway> {};

// One of some gateways of 100 devices is killed; 97 devices return.
TEST_P(GatewayOutage, is_one_outage_and_then_a_problem_for_each_that_stays_away) {
  auto devices = learned(GetParam().kinds, 100, GetParam().gateways, GetParam().seed);
  const auto overdue = overdue_of(devices, 1);
  devices.set_group_reachable(1, false);
  const auto killed = devices.fleet.now();
  ASSERT_TRUE(run_until(devices, days(6), [&] { return !devices.fleet.began.empty(); }));
  std::cout << GetParam().name << ": found after " << (devices.fleet.now() - killed) / 1min << " min";
  devices.run(6h);
  EXPECT_TRUE(devices.fleet.ended.empty());

  const std::set<std::uint32_t> away{3, 41, 92};
  devices.set_group_reachable(1, true);
  for (const auto device : away) devices.set_reachable(device, false);
  const auto returned = devices.fleet.now();
  ASSERT_TRUE(run_until(devices, days(6), [&] { return !devices.fleet.ended.empty(); }));
  std::cout << ", ended " << (devices.fleet.now() - returned) / 1min << " min after the return\n";
  EXPECT_EQ(without(problems_of(devices, 1), overdue), std::set<std::uint32_t>{}) << "before the end";

  run_until(devices, days(12), [&] { return without(away, problems_of(devices, 1)).empty(); });
  EXPECT_EQ(without(away, problems_of(devices, 1)), std::set<std::uint32_t>{}) << "stays away, but is no problem";
  // Who was heard since the return and falls silent later does so by itself.
  for (const auto& event : devices.fleet.problems)
    if (devices.group_of(event.device) == 1 && event.heard.time_since_epoch() <= returned) {
      EXPECT_TRUE(away.contains(event.device) || overdue.contains(event.device) ||
                  devices.kind_of(event.device) == DeviceKind::heavy_tailed)
          << name_of(devices.kind_of(event.device));
    }
  EXPECT_EQ(devices.fleet.began.size(), 1u);
  EXPECT_EQ(devices.fleet.began.front().second.group, 1u);
  EXPECT_EQ(devices.fleet.ended.size(), 1u);
}

// Three gateways of one kind of devices, or ten of all kinds, from so many seeds.
std::vector<Gateway> gateways(std::uint64_t seeds) {
  std::vector<Gateway> gateways;
  for (const auto kind : test::all_device_kinds) gateways.push_back({name_of(kind), {kind}, 3, 1});
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) gateways.push_back({"mixed", mixed, 10, seed});
  return gateways;
}

INSTANTIATE_TEST_SUITE_P(Kinds, GatewayOutage, ::testing::ValuesIn(gateways(12)));

// All gateways are cut off, and one stays away.
TEST(FleetOutage, stands_instead_of_outages_of_groups) {
  auto devices = learned(mixed, 40, 8, 5);
  std::set<std::uint32_t> overdue;
  for (GroupNumber group = 1; group <= 8; ++group) {
    overdue.merge(overdue_of(devices, group));
    devices.set_group_reachable(group, false);
  }
  devices.run(6h);
  ASSERT_EQ(devices.fleet.began.size(), 1u);
  EXPECT_EQ(devices.fleet.began[0].second.group, whole_fleet);

  for (GroupNumber group = 2; group <= 8; ++group) devices.set_group_reachable(group, true);
  devices.run(days(3));
  ASSERT_EQ(devices.fleet.ended.size(), 1u);
  ASSERT_EQ(devices.fleet.began.size(), 2u);
  EXPECT_EQ(devices.fleet.began[1].second.group, 1u);
  for (const auto& event : devices.fleet.problems)
    EXPECT_TRUE(overdue.contains(event.device) || devices.kind_of(event.device) == DeviceKind::heavy_tailed);
}

TEST(GroupOutage, goes_on_over_a_restart) {
  auto devices = learned(mixed, 40, 3, 5);
  devices.set_group_reachable(1, false);
  devices.run(6h);
  ASSERT_EQ(devices.fleet.began.size(), 1u);
  const auto problems = problems_of(devices, 1);
  devices.fleet.end_process();
  devices.run(1h);
  devices.fleet.start_process();
  devices.run(days(2));
  EXPECT_EQ(problems_of(devices, 1), problems);
  devices.set_group_reachable(1, true);
  devices.run(2h);
  EXPECT_EQ(devices.fleet.began.size(), 1u);
  EXPECT_EQ(devices.fleet.ended.size(), 1u);
}

// A fifth of a gateway's devices dies, one after another.
TEST(SingleDeaths, are_problems_at_once_and_no_outage) {
  auto devices = learned(mixed, 100, 3, 9);
  for (std::uint32_t device = 0; device < 20; ++device) {
    devices.set_reachable(device, false);
    devices.run(10min);
  }
  devices.run(days(7));
  EXPECT_TRUE(devices.fleet.began.empty());
  EXPECT_EQ(without(first(20), problems_of(devices, 1)), std::set<std::uint32_t>{});
  for (const auto& event : devices.fleet.problems)
    EXPECT_TRUE(
        std::any_of(devices.fleet.fell_silent.begin(), devices.fleet.fell_silent.end(),
                    [&](const auto& silence) { return silence.device == event.device && silence.at == event.at; }))
        << "raised in the second in which it fell silent";
}

}  // namespace
}  // namespace ubiety
