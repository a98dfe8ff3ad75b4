// Figures: what a scenario of RELIABILITY.md has to hold and what was measured. They are expected where they are noted,
// and printed as one line at the end, from which scripts/faults makes its table:
//   FIGURE row=4 scenario="…" verdict=held asked="0 lost, recovery ≤ 2 s" measured="812 stored, 0 lost, recovery 90 ms"
#pragma once

#include <chrono>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include "faults/stored_set.hpp"
#include "support/process_figures.hpp"
#include "support/time_limit.hpp"
#include "support/verification.hpp"

namespace ubiety::test {

using SteadyTime = std::chrono::steady_clock::time_point;

inline std::chrono::milliseconds since(SteadyTime begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

struct Kilobytes {
  std::size_t count;
  auto operator<=>(const Kilobytes&) const = default;
};

inline Kilobytes memory_of(pid_t process) { return {resident_kilobytes(process)}; }

class Figures {
 public:
  // `scenario` in words, with its size: "PostgreSQL stopped for 60 s".
  Figures(int row, std::string scenario) : row_(row), scenario_(std::move(scenario)) {}
  ~Figures();  // prints
  Figures(const Figures&) = delete;
  Figures& operator=(const Figures&) = delete;

  template <class Value>
  void note(std::string_view name, Value value) {
    append(measured_, text(name, "", value));
  }
  // Limits are those of what ships: under a sanitizer times are stretched, and memory is not judged.
  template <class Value>
  void at_most(std::string_view name, Value value, std::type_identity_t<Value> limit) {
    if constexpr (std::is_same_v<Value, Kilobytes>) {
      if (!memory_is_judged) return note(name, value);
    } else if constexpr (!std::integral<Value>) {
      limit = time_limit(std::chrono::ceil<std::chrono::milliseconds>(limit));
    }
    expect(value <= limit, text(name, "", value), text(name, "≤ ", limit));
  }
  template <class Value>
  void at_least(std::string_view name, Value value, std::type_identity_t<Value> limit) {
    expect(value >= limit, text(name, "", value), text(name, "≥ ", limit));
  }
  template <std::integral Value>
  void exactly(std::string_view name, Value value, std::type_identity_t<Value> wanted) {
    expect(value == wanted, text(name, "", value), text(name, "", wanted));
  }
  void note(const Verification& seen);
  void note(const StoredSet& set);

 private:
  static std::string with_unit(std::chrono::microseconds time);
  static std::string with_unit(Kilobytes memory);

  // "3 refused", and "recovery 90 ms".
  static std::string text(std::string_view name, std::string_view relation, std::integral auto count) {
    return std::string(relation) + std::to_string(count) + " " + std::string(name);
  }
  static std::string text(std::string_view name, std::string_view relation, auto quantity) {
    return std::string(name) + " " + std::string(relation) + with_unit(quantity);
  }

  static void append(std::string& list, const std::string& text);
  void expect(bool holds, const std::string& measured, const std::string& asked);

  const int row_;
  const std::string scenario_;
  std::string asked_, measured_;
};

}  // namespace ubiety::test
