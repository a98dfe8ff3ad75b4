// The figures of a scenario, printed as one line under its name.
#pragma once

#include <chrono>
#include <ostream>

#include "faults/stored_set.hpp"
#include "support/verification.hpp"

namespace ubiety::test {

using SteadyTime = std::chrono::steady_clock::time_point;

inline std::chrono::milliseconds since(SteadyTime begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

inline std::ostream& operator<<(std::ostream& out, const Verification& seen) {
  return out << seen.stored << " acknowledged, " << seen.unsettled << " unsettled, " << seen.lost << " lost, "
             << seen.unexpected << " unexpected";
}

inline std::ostream& operator<<(std::ostream& out, const StoredSet& set) {
  return out << "in PostgreSQL " << set.rows << " rows, " << set.duplicated << " duplicated, " << set.false_200
             << " false 200, " << set.unexpected << " unexpected";
}

}  // namespace ubiety::test
