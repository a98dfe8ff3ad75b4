// Collects latencies, and computes statistics of them. One thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace ubiety::test {

class Latencies {
 public:
  void add(std::chrono::steady_clock::duration taken) {
    taken_.push_back(std::chrono::duration_cast<std::chrono::microseconds>(taken));
  }
  void add(const Latencies& others) { taken_.insert(taken_.end(), others.taken_.begin(), others.taken_.end()); }

  std::size_t count() const { return taken_.size(); }
  // Both are zero if there are no latencies.
  std::chrono::microseconds p99() const;
  std::chrono::microseconds slowest() const;

 private:
  std::vector<std::chrono::microseconds> taken_;
};

}  // namespace ubiety::test
