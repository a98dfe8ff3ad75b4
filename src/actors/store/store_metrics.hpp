// How connecting to the store fares, to be read at any time. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace ubiety {

struct StoreMetrics {
  std::atomic<std::uint64_t> sessions_opened{0};
  std::atomic<std::uint64_t> sessions_failed{0};  // that could not be opened
};

}  // namespace ubiety
