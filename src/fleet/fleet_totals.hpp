// The numbers of a fleet, kept up to date with each report: O(1) a report, O(1) to read. A shard keeps its own, and
// they add up. One thread at a time.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "domain/status.hpp"
#include "fleet/listening_time.hpp"
#include "fleet/problem.hpp"

namespace ubiety {

// How many devices have each value of a range.
template <int lowest, int highest>
class ValueCounts {
 public:
  void add(int value) { ++counts_[index(value)]; }
  void remove(int value) { --counts_[index(value)]; }

  // Devices with values from `from` to below `to`.
  std::uint64_t between(int from, int to) const {
    std::uint64_t sum = 0;
    for (int value = std::max(from, lowest); value < to && value <= highest; ++value) sum += counts_[index(value)];
    return sum;
  }

  // The lower of both in the middle; nullopt without devices.
  std::optional<int> median() const {
    const auto all = between(lowest, highest + 1);
    std::uint64_t seen = 0;
    for (int value = lowest; value <= highest; ++value)
      if (all != 0 && (seen += counts_[index(value)]) * 2 >= all) return value;
    return std::nullopt;
  }

  ValueCounts& operator+=(const ValueCounts& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    return *this;
  }

 private:
  static constexpr std::size_t index(int value) { return static_cast<std::size_t>(value - lowest); }

  std::array<std::uint32_t, static_cast<std::size_t>(highest - lowest + 1)> counts_{};
};

// Reports, and different devices heard, of the last minutes of listening time.
class ReportMinutes {
 public:
  static constexpr std::size_t kept = 61;  // the present one too

  struct Minute {
    std::uint32_t reports = 0, heard = 0;
  };
  using Number = std::int64_t;  // minutes since the listening clock began
  static Number number_of(ListeningTime time) {
    return std::chrono::floor<std::chrono::minutes>(time.time_since_epoch()).count();
  }

  // A device reported now, and was heard `before`; nullopt if it never was.
  void note(ListeningTime now, std::optional<ListeningTime> before) {
    const auto number = number_of(now);
    if (!first_) first_ = number;
    auto& minute = turn_to(number);
    ++minute.reports;
    minute.heard += !before || number_of(*before) < number ? 1 : 0;
  }

  // The minute of the first report; nullopt before it. What was before is not known.
  std::optional<Number> first() const { return first_; }

  // Of the last 60 minutes or the present one.
  Minute at(Number number) const {
    return number > newest_ - static_cast<Number>(kept) && number <= newest_ ? minutes_[slot(number)] : Minute{};
  }

  ReportMinutes& operator+=(const ReportMinutes& other) {
    if (!first_ || (other.first_ && *other.first_ < *first_)) first_ = other.first_;
    turn_to(other.newest_);
    for (auto number = newest_ - static_cast<Number>(kept) + 1; number <= newest_; ++number) {
      const auto more = other.at(number);
      minutes_[slot(number)].reports += more.reports;
      minutes_[slot(number)].heard += more.heard;
    }
    return *this;
  }

 private:
  static std::size_t slot(Number number) { return static_cast<std::size_t>(number + static_cast<Number>(kept)) % kept; }
  Minute& turn_to(Number number) {
    if (number > newest_ + static_cast<Number>(kept)) newest_ = number - static_cast<Number>(kept);
    while (newest_ < number) minutes_[slot(++newest_)] = {};
    return minutes_[slot(std::max(number, newest_ - static_cast<Number>(kept) + 1))];
  }

  std::array<Minute, kept> minutes_{};
  Number newest_ = 0;
  std::optional<Number> first_;
};

struct GroupTotals {
  std::uint32_t devices = 0;
  std::uint32_t silent = 0;

  GroupTotals& operator+=(const GroupTotals& other) {
    devices += other.devices;
    silent += other.silent;
    return *this;
  }
};

struct FleetTotals {
  std::uint64_t devices = 0, online = 0, silent = 0, muted = 0;
  std::array<std::uint64_t, problem_kinds> problems{};  // of devices that are not muted
  std::uint64_t troubled = 0;                           // devices with problems, not muted
  std::uint64_t reports = 0;                            // accepted since this process began
  ValueCounts<min_battery_level, max_battery_level> battery_levels;
  ValueCounts<min_rssi, max_rssi> signals;
  ReportMinutes minutes;

  void add(const Status& status) {
    ++devices;
    online += status.online ? 1 : 0;
    battery_levels.add(status.battery_level);
    signals.add(status.rssi);
  }
  void remove(const Status& status) {
    --devices;
    online -= status.online ? 1 : 0;
    battery_levels.remove(status.battery_level);
    signals.remove(status.rssi);
  }
  void change(const Status& before, const Status& after) {
    remove(before);
    add(after);
  }

  FleetTotals& operator+=(const FleetTotals& other);
};

}  // namespace ubiety
