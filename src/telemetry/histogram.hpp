// A histogram of what was observed, as Prometheus reads it: how many observations were up to each of some bounds, and
// their sum. One thread observes, any thread reads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

namespace ubiety {

// For what takes milliseconds as a rule, in seconds.
inline constexpr std::initializer_list<double> duration_bounds{.0005, .001, .0025, .005, .01, .025, .05,
                                                               .1,    .25,  .5,    1,    2.5, 5};

class Histogram {
 public:
  // In rising order.
  Histogram(std::initializer_list<double> upper_bounds)
      : upper_bounds_(upper_bounds),
        counts_(std::make_unique<std::atomic<std::uint64_t>[]>(upper_bounds_.size() + 1)) {}

  void observe(double value) {
    const auto bucket = std::lower_bound(upper_bounds_.begin(), upper_bounds_.end(), value) - upper_bounds_.begin();
    add(counts_[static_cast<std::size_t>(bucket)], std::uint64_t{1});
    add(sum_, value);
  }

  const std::vector<double>& upper_bounds() const { return upper_bounds_; }
  // Of the observations above the bound before, up to this one; the last is of those above all bounds.
  std::uint64_t count(std::size_t bucket) const { return counts_[bucket].load(std::memory_order_relaxed); }
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  // No other thread adds, so that it takes no locked instruction.
  template <class Number>
  static void add(std::atomic<Number>& to, Number value) {
    to.store(to.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
  }

  const std::vector<double> upper_bounds_;
  const std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
  std::atomic<double> sum_{0};
};

}  // namespace ubiety
