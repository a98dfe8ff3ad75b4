// What can be wrong with a device. Plain values, any thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/timestamp.hpp"

namespace ubiety {

// The worst first: lists of devices are in this order. Stores keep the numbers.
enum class ProblemKind : std::uint8_t {
  silent,           // was not heard when it was due, and its group is not out
  battery_low,      // below ProblemRules::low_battery
  battery_falling,  // will be empty in less than ProblemRules::falling_days
  flapping,         // goes away again and again
  clock,            // runs wrong by more than MAX_CLOCK_SKEW
  weak_signal,      // below ProblemRules::weak_signal
};
inline constexpr std::size_t problem_kinds = 6;

// By kind, as the API names them.
inline constexpr std::array<std::string_view, problem_kinds> problem_names{"silent",   "battery_low", "battery_falling",
                                                                           "flapping", "clock",       "weak_signal"};

constexpr std::string_view name_of(ProblemKind kind) { return problem_names[static_cast<std::size_t>(kind)]; }
std::optional<ProblemKind> problem_kind_from(std::string_view name);

// When a problem begins, and when it ends: not at the same value, so that noise does not make it come and go.
struct ProblemRules {
  static constexpr int low_battery = 20, sufficient_battery = 25;   // percent
  static constexpr double falling_days = 14;                        // ends at BatteryTrend::longest_days
  static constexpr int weak_signal = -90, sufficient_signal = -85;  // dBm
  static constexpr unsigned flapping_departures = 5;                // see Departures; ends after two hours without
};

struct Problem {
  ProblemKind kind{};
  Timestamp since;
  // Of battery_falling: days to empty. Of clock: by how many seconds it is fast; negative: slow. Of flapping: how often
  // the device went away, see Departures. Else 0.
  float amount = 0;

  friend bool operator==(const Problem&, const Problem&) = default;
};

class ProblemSet {
 public:
  constexpr ProblemSet() = default;
  // As bits() returned them: a bit for each kind.
  constexpr explicit ProblemSet(std::uint8_t bits) : bits_(bits) {}

  constexpr std::uint8_t bits() const { return bits_; }
  constexpr bool has(ProblemKind kind) const { return (bits_ & bit(kind)) != 0; }
  constexpr void add(ProblemKind kind) { bits_ = static_cast<std::uint8_t>(bits_ | bit(kind)); }
  constexpr void remove(ProblemKind kind) { bits_ = static_cast<std::uint8_t>(bits_ & ~bit(kind)); }
  constexpr bool is_empty() const { return bits_ == 0; }
  constexpr int size() const { return std::popcount(bits_); }
  // The set has a problem.
  constexpr ProblemKind worst() const { return static_cast<ProblemKind>(std::countr_zero(bits_)); }

 private:
  static constexpr unsigned bit(ProblemKind kind) { return 1U << static_cast<unsigned>(kind); }

  std::uint8_t bits_ = 0;
};

}  // namespace ubiety
