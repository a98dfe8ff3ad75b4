// Eight kinds of devices and when they report, by which the rules of silence are judged. The same seed reports at the
// same times on every machine, but for the last digits of a logarithm. One thread at a time.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "simulation/random.hpp"

namespace ubiety::test {

enum class DeviceKind { hourly, bursts, daily, random, duty, office, heavy_tailed, day_and_night };

inline constexpr DeviceKind all_device_kinds[] = {
    DeviceKind::hourly, DeviceKind::bursts, DeviceKind::daily,        DeviceKind::random,
    DeviceKind::duty,   DeviceKind::office, DeviceKind::heavy_tailed, DeviceKind::day_and_night,
};

constexpr const char* name_of(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::hourly: return "hourly";
    case DeviceKind::bursts: return "bursts";
    case DeviceKind::daily: return "daily";
    case DeviceKind::random: return "random";
    case DeviceKind::duty: return "duty";
    case DeviceKind::office: return "office";
    case DeviceKind::heavy_tailed: return "heavy-tailed";
    case DeviceKind::day_and_night: return "day and night";
  }
  return "";
}

class SimulatedDevice {
 public:
  using Minutes = std::chrono::duration<double, std::ratio<60>>;

  SimulatedDevice(DeviceKind kind, std::uint64_t seed) : kind_(kind), random_(seed) {
    // Offices do not begin their weeks together.
    if (kind == DeviceKind::office) reports_ = static_cast<std::uint64_t>(random_.below(5 * 48));
  }

  DeviceKind kind() const { return kind_; }

  // The time from one report to the next, at least 1 ms.
  std::chrono::milliseconds next_gap() {
    const Minutes gap(minutes());
    ++reports_;
    age_ += gap;
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(gap), std::chrono::milliseconds(1));
  }

 private:
  static constexpr double day = 1440;

  double minutes() {
    switch (kind_) {
      case DeviceKind::hourly: return hourly();
      case DeviceKind::bursts: return reports_ % 10 == 9 ? 60 - 4.5 : 0.5;
      case DeviceKind::daily: return day + uniform(-10, 10);
      case DeviceKind::random: return exponential(30);
      case DeviceKind::duty: return reports_ % 48 == 47 ? day - 470 : 10;  // eight hours a day
      case DeviceKind::office: return office();
      case DeviceKind::heavy_tailed: return 20 * std::exp(1.2 * normal());
      case DeviceKind::day_and_night: return exponential(std::fmod(age_.count(), day) > day * 2 / 3 ? 60 : 10);
    }
    return day;
  }

  // About every hour; one report of twenty is lost.
  double hourly() {
    double gap = 0;
    do gap += 60 * uniform(.9, 1.1);
    while (uniform(0, 1) < .05);
    return gap;
  }

  // Eight hours on five days of the week.
  double office() {
    if (reports_ % 48 != 47) return 10;
    return (reports_ / 48) % 5 == 4 ? 3 * day - 470 : day - 470;
  }

  double uniform(double from, double to) {
    return from + (to - from) * static_cast<double>(random_.next() >> 11) / static_cast<double>(1ULL << 53);
  }
  double exponential(double mean) { return -mean * std::log(1 - uniform(0, 1)); }
  double normal() {
    return std::sqrt(-2 * std::log(1 - uniform(0, 1))) * std::cos(2 * std::numbers::pi * uniform(0, 1));
  }

  DeviceKind kind_;
  simulation::Random random_;
  std::uint64_t reports_ = 0;
  Minutes age_{0};
};

}  // namespace ubiety::test
