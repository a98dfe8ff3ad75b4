// Sets the system clock for one process, into which tests/shifted_clock is preloaded. The machine's clock and the
// steady clock do not change. One thread.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>

#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {

class ShiftedClock {
 public:
  ShiftedClock();
  ~ShiftedClock();
  ShiftedClock(const ShiftedClock&) = delete;
  ShiftedClock& operator=(const ShiftedClock&) = delete;

  // Variables for the environment of the process.
  Environment environment() const;

  // From now on, the process's clock is ahead of the machine's by this much; behind it if `by` is negative.
  void set_ahead(std::chrono::nanoseconds by) const { shift_->store(by.count(), std::memory_order_relaxed); }

 private:
  TemporaryDirectory folder_;
  std::atomic<std::int64_t>* shift_;  // mapped from a file in the folder
};

}  // namespace ubiety::test
