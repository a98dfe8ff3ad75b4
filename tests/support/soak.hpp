// Whether scenarios run in their long form: scripts/faults --soak sets UBIETY_SOAK. Any thread.
#pragma once

#include <cstdlib>

namespace ubiety::test {

inline bool is_soak() { return std::getenv("UBIETY_SOAK") != nullptr; }

template <class Value>
Value in_short_or_soak(Value in_short, Value in_soak) {
  return is_soak() ? in_soak : in_short;
}

}  // namespace ubiety::test
