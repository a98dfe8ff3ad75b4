// What survives a restart of what is known about a device's problems, and its form in a database. Pure functions, any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/battery_trend.hpp"
#include "fleet/departures.hpp"
#include "fleet/problem.hpp"

namespace ubiety {

struct SavedProblems {
  BatteryTrend battery_trend;
  Departures departures;
  std::vector<Problem> problems;

  friend bool operator==(const SavedProblems&, const SavedProblems&) = default;
};

// The size of the form in a database with so many problems.
constexpr std::size_t saved_problems_size(std::size_t problems) { return 6 + 13 * problems; }

// Big-endian: the trend (32 bits), the departures (16), then each problem: its kind (8), since when (64, microseconds
// of Unix time), its amount (32, IEEE 754). docs/FORMATS.md describes them.
std::string bytes_of(const SavedProblems& problems);

// Returns nullopt for anything that bytes_of did not write.
std::optional<SavedProblems> problems_from(std::string_view bytes);

}  // namespace ubiety
