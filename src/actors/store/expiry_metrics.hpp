// What RETENTION_DAYS removed from the history, to be read at any time. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace ubiety {

struct ExpiryMetrics {
  std::atomic<std::uint64_t> rows{0};        // one by one
  std::atomic<std::uint64_t> partitions{0};  // whole, with rows that nobody counted
};

}  // namespace ubiety
