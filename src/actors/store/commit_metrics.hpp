// How the writer fares, to be read at any time. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "telemetry/histogram.hpp"

namespace ubiety {

struct CommitMetrics {
  Histogram seconds{duration_bounds};                              // of those that succeeded
  Histogram updates{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536};  // in one commit
  std::atomic<std::uint64_t> failures{0};                          // store or spool did not take it, or nobody knows
  std::atomic<std::uint64_t> fresh{0};                             // updates by lane, see WriteBatch
  std::atomic<std::uint64_t> doubtful{0};
};

}  // namespace ubiety
