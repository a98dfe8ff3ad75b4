// Simulated devices that report to a simulated service, second by second. A copy goes on in the same way, so a test can
// compare what happens with a fault and without. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "support/exact_rhythm.hpp"
#include "support/simulated_devices.hpp"
#include "support/simulated_fleet.hpp"

namespace ubiety::test {

class ReportingDevices {
 public:
  using Milliseconds = std::chrono::milliseconds;

  ReportingDevices(std::chrono::seconds stale_after, std::uint64_t seed) : fleet(stale_after), seeds_(seed) {}

  SimulatedFleet fleet;  // to which they report

  // Adds so many devices. Each first reports somewhere in its first gap from now on.
  void add(DeviceKind kind, int count, GroupNumber group) {
    for (; count > 0; --count) {
      const auto number = fleet.add(group);
      auto& device = devices_.emplace_back(Device{.reports = {kind, seeds_.next()}, .group = group});
      const auto gap = device.reports.next_gap();
      reports_.emplace(fleet.now() + gap * seeds_.below(1000) / 1000, number);
    }
  }

  // A device that cannot be reached, or that is dead, goes on, but its reports are lost.
  void set_reachable(std::uint32_t device, bool is_reachable) { devices_[device].is_reachable = is_reachable; }
  void set_group_reachable(GroupNumber group, bool is_reachable) {
    for (auto& device : devices_)
      if (device.group == group) device.is_reachable = is_reachable;
  }
  // Computes the exact rhythm of the device from now on, which takes time.
  void compute_exact_rhythm(std::uint32_t device) { devices_[device].is_computed = true; }

  // Lets so much time pass. Calls `each_second` before each tick.
  void run(
      Milliseconds span, const std::function<void()>& each_second = [] {}) {
    for (const auto end = fleet.now() + span; fleet.now() < end;) {
      each_second();
      while (!reports_.empty() && reports_.top().first <= fleet.now() + std::chrono::seconds(1)) {
        const auto [at, device] = reports_.top();
        reports_.pop();
        report(device, at);
        reports_.emplace(at + devices_[device].reports.next_gap(), device);
      }
      fleet.tick();
    }
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(devices_.size()); }
  DeviceKind kind_of(std::uint32_t device) const { return devices_[device].reports.kind(); }
  GroupNumber group_of(std::uint32_t device) const { return devices_[device].group; }
  bool is_reachable(std::uint32_t device) const { return devices_[device].is_reachable; }
  Milliseconds last_heard(std::uint32_t device) const { return devices_[device].heard; }
  const ExactRhythm& exact_rhythm(std::uint32_t device) const { return devices_[device].rhythm; }

 private:
  struct Device {
    SimulatedDevice reports;
    GroupNumber group;
    bool is_reachable = true, is_computed = false;
    Milliseconds heard{-1};  // below 0: never
    ExactRhythm rhythm{};
  };

  void report(std::uint32_t number, Milliseconds at) {
    auto& device = devices_[number];
    if (!device.is_reachable || !fleet.hear(number, at)) return;
    if (device.is_computed && device.heard >= Milliseconds(0)) {
      // As the watch does, which keeps quarters of a second.
      const auto before = std::chrono::floor<QuarterSeconds>(device.heard);
      device.rhythm.learn(at - std::chrono::duration_cast<Milliseconds>(before), ListeningTime(at));
    }
    device.heard = at;
  }

  simulation::Random seeds_;
  std::vector<Device> devices_;
  using Report = std::pair<Milliseconds, std::uint32_t>;
  std::priority_queue<Report, std::vector<Report>, std::greater<>> reports_;
};

}  // namespace ubiety::test
