// Where the pages of histories came from, to be read at any time. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace ubiety {

struct HistoryMetrics {
  std::atomic<std::uint64_t> from_memory{0};  // see FollowedHistories
  std::atomic<std::uint64_t> from_store{0};
};

}  // namespace ubiety
