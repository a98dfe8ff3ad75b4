// A machine's clock that a test sets for one process: tests/shifted_clock is preloaded into it. The machine's own clock
// and the steady clock stay as they are. One thread.
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

  // What the process needs in its environment.
  Environment environment() const;

  // From now on the process's clock is ahead of the machine's by so much, or behind it.
  void set_ahead(std::chrono::nanoseconds by) const { shift_->store(by.count(), std::memory_order_relaxed); }

 private:
  TemporaryDirectory folder_;
  std::atomic<std::int64_t>* shift_;  // mapped from a file in the folder
};

}  // namespace ubiety::test
