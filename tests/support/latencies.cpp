#include "support/latencies.hpp"

#include <algorithm>

namespace ubiety::test {

std::chrono::microseconds Latencies::p99() const {
  if (taken_.empty()) return {};
  auto sorted = taken_;
  const auto place = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) * 99 / 100);
  std::nth_element(sorted.begin(), place, sorted.end());
  return *place;
}

std::chrono::microseconds Latencies::slowest() const {
  return taken_.empty() ? std::chrono::microseconds{} : *std::max_element(taken_.begin(), taken_.end());
}

}  // namespace ubiety::test
