#include <gtest/gtest.h>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "fleet/silence_watch.hpp"
#include "support/reporting_devices.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::milliseconds;
using test::DeviceKind;
using test::ReportingDevices;

constexpr milliseconds stale_after = 15min;

// Devices of all kinds, so many of each, in eight groups.
ReportingDevices devices_of_all_kinds(int count, std::uint64_t seed) {
  ReportingDevices devices(15min, seed);
  for (int i = 0; i < count; ++i)
    for (const auto kind : test::all_device_kinds) devices.add(kind, 1, static_cast<GroupNumber>(1 + i % 8));
  return devices;
}

// The silences in a month of an average device of each kind.
std::map<DeviceKind, double> silences_a_month(const ReportingDevices& devices, double device_months) {
  std::map<DeviceKind, double> silences;
  for (const auto& event : devices.fleet.fell_silent) silences[devices.kind_of(event.device)] += 1 / device_months;
  return silences;
}

// A quarter of each kind and of each group.
bool will_die(std::uint32_t device) { return device / 64 % 4 == 0; }

// A quarter of the devices dies in the course of two days. Returns when each of them was found silent.
std::map<std::uint32_t, milliseconds> let_a_quarter_die(ReportingDevices& devices) {
  std::uint32_t device = 0;
  devices.run(days(2), [&] {
    if (devices.fleet.now() / 1s % 200 != 0 || device == devices.size()) return;
    if (will_die(device)) devices.set_reachable(device, false);
    ++device;
  });
  EXPECT_EQ(device, devices.size());
  devices.run(days(7));
  std::map<std::uint32_t, milliseconds> found;
  for (const auto& event : devices.fleet.fell_silent)
    if (!devices.is_reachable(event.device) && event.at > devices.last_heard(event.device))
      found[event.device] = event.at;
  return found;
}

// 100 devices of each kind learn for two weeks, live for 60 days, and die.
TEST(SilenceSimulation, blames_few_that_live_and_finds_all_that_die) {
  auto devices = devices_of_all_kinds(100, 7);
  for (std::uint32_t device = 0; device < devices.size(); ++device)
    if (will_die(device)) devices.compute_exact_rhythm(device);
  devices.run(days(14));
  std::cout << "the first two weeks: " << devices.fleet.fell_silent.size() << " silences, "
            << devices.fleet.problems.size() << " problems\n";
  devices.fleet.fell_silent.clear();

  devices.run(days(60));
  EXPECT_TRUE(devices.fleet.began.empty());
  auto silences = silences_a_month(devices, 200);
  for (const auto kind : test::all_device_kinds) {
    EXPECT_LE(silences[kind], kind == DeviceKind::heavy_tailed ? 1.5 : 0.3) << name_of(kind);
    std::cout << name_of(kind) << ": " << silences[kind] << " silences a device and month\n";
  }

  std::map<DeviceKind, double> hours, dead;
  const auto found = let_a_quarter_die(devices);
  EXPECT_GE(found.size(), 200u);
  for (const auto& [device, at] : found) {
    const auto after = at - devices.last_heard(device);
    const auto patience = std::max<milliseconds>(stale_after, 2 * devices.exact_rhythm(device).usual());
    EXPECT_LE(after, patience + 1s) << name_of(devices.kind_of(device));
    EXPECT_GE(after, patience - 250ms) << name_of(devices.kind_of(device));
    hours[devices.kind_of(device)] += static_cast<double>(after / 1s) / 3600;
    ++dead[devices.kind_of(device)];
  }
  EXPECT_TRUE(devices.fleet.began.empty());
  for (const auto kind : test::all_device_kinds)
    std::cout << name_of(kind) << ": found dead after " << hours[kind] / dead[kind] << " h\n";
}

// What a fault of the service does to a fleet that knows its rhythms.
class SilenceAfterFault : public ::testing::Test {
 protected:
  static const ReportingDevices& learned() {
    static const auto devices = [] {
      auto learning = devices_of_all_kinds(50, 11);
      learning.run(days(16));
      learning.fleet.fell_silent.clear();
      return learning;
    }();
    return devices;
  }

  // The devices that fell silent and were not heard since `fault`.
  static std::set<std::uint32_t> silent_since(ListeningTime fault, const ReportingDevices& devices) {
    std::set<std::uint32_t> silent;
    for (const auto& event : devices.fleet.fell_silent)
      if (event.heard <= fault) silent.insert(event.device);
    return silent;
  }

  // Lets the fault happen at several times of the day. Returns how many silences there are that the same fleet without
  // the fault does not have.
  template <class Fault>
  static std::size_t silences_by(Fault fault) {
    std::size_t more = 0;
    auto undisturbed = learned();
    for (const auto later : {0h, 5h, 6h}) {
      undisturbed.run(later);
      undisturbed.fleet.fell_silent.clear();
      const auto at = undisturbed.fleet.clock().moment().now;
      auto disturbed = undisturbed, twin = undisturbed;
      fault(disturbed);
      disturbed.run(days(6));
      twin.run(disturbed.fleet.now() - twin.fleet.now());
      EXPECT_TRUE(disturbed.fleet.began.empty());
      const auto with = silent_since(at, disturbed), without = silent_since(at, twin);
      std::vector<std::uint32_t> added;
      std::set_difference(with.begin(), with.end(), without.begin(), without.end(), std::back_inserter(added));
      for (const auto device : added) std::cout << "silent by it: " << name_of(disturbed.kind_of(device)) << "\n";
      more += added.size();
    }
    return more;
  }
};

TEST_F(SilenceAfterFault, does_not_come_from_a_service_down_for_30_minutes) {
  EXPECT_EQ(silences_by([](ReportingDevices& devices) {
              devices.fleet.end_process();
              devices.run(30min);
              devices.fleet.start_process();
            }),
            0u);
}

TEST_F(SilenceAfterFault, does_not_come_from_a_store_away_for_30_minutes) {
  EXPECT_EQ(silences_by([](ReportingDevices& devices) {
              devices.fleet.pause();
              devices.run(30min);
              devices.fleet.resume();
            }),
            0u);
}

TEST_F(SilenceAfterFault, does_not_come_from_a_process_stopped_for_20_minutes) {
  EXPECT_EQ(silences_by([](ReportingDevices& devices) {
              devices.fleet.stop_process();
              devices.run(20min);
              devices.fleet.continue_process();
            }),
            0u);
}

TEST_F(SilenceAfterFault, does_not_come_from_the_machines_clock) {
  EXPECT_EQ(silences_by([](ReportingDevices& devices) {
              devices.fleet.tick(1h);
              devices.run(3h);
              devices.fleet.tick(-2h);
            }),
            0u);
}

}  // namespace
}  // namespace ubiety
