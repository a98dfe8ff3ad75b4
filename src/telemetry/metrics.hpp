// What metrics are made of: histograms as Prometheus defines them, and the figures that Linux keeps about this process
// (proc(5)). Any thread, except where stated.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

namespace ubiety {

// In seconds, for what usually takes milliseconds.
inline constexpr std::initializer_list<double> duration_bounds{.0005, .001, .0025, .005, .01, .025, .05,
                                                               .1,    .25,  .5,    1,    2.5, 5};

// Counts of observations in buckets, and their sum. One thread observes, any thread reads.
class Histogram {
 public:
  // The bounds must rise.
  Histogram(std::initializer_list<double> upper_bounds)
      : upper_bounds_(upper_bounds),
        counts_(std::make_unique<std::atomic<std::uint64_t>[]>(upper_bounds_.size() + 1)) {}

  void observe(double value) {
    const auto bucket = std::lower_bound(upper_bounds_.begin(), upper_bounds_.end(), value) - upper_bounds_.begin();
    add(counts_[static_cast<std::size_t>(bucket)], std::uint64_t{1});
    add(sum_, value);
  }

  const std::vector<double>& upper_bounds() const { return upper_bounds_; }
  // The number of observations above the previous bound, up to this one. The last bucket is above all bounds.
  std::uint64_t count(std::size_t bucket) const { return counts_[bucket].load(std::memory_order_relaxed); }
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  // Only one thread adds, so no locked instruction is needed.
  template <class Number>
  static void add(std::atomic<Number>& to, Number value) {
    to.store(to.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
  }

  const std::vector<double> upper_bounds_;
  const std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
  std::atomic<double> sum_{0};
};

struct ProcessFigures {
  double cpu_seconds = 0;         // of all threads, in user and kernel mode
  double start_time_seconds = 0;  // since 1970
  std::size_t resident_bytes = 0;
  std::size_t virtual_bytes = 0;
  std::size_t threads = 0;
  std::size_t open_files = 0;
  std::size_t max_open_files = 0;
};

// A figure that cannot be read is 0.
ProcessFigures process_figures();

}  // namespace ubiety
