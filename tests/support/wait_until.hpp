// Waits in tests. They wait for a condition, and for a time only where a load has a rate. Any thread.
#pragma once

#include <chrono>
#include <thread>

#include "support/time_limit.hpp"

namespace ubiety::test {

// Blocks until `condition` holds. Returns false if it does not hold within `timeout`, scaled by time_limit().
template <class Condition>
bool wait_until(Condition condition, std::chrono::milliseconds timeout,
                std::chrono::milliseconds interval = std::chrono::milliseconds{5}) {
  const auto deadline = std::chrono::steady_clock::now() + time_limit(timeout);
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(interval);
  }
  return true;
}

inline void wait_until_moment(std::chrono::steady_clock::time_point moment) { std::this_thread::sleep_until(moment); }

}  // namespace ubiety::test
