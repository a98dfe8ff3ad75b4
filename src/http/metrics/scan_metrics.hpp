// The scans for summaries. The loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ubiety::http {

struct ScanMetrics {
  std::size_t running = 0, waiting = 0;
  std::uint64_t finished = 0;
  std::uint64_t refused = 0;    // too many of them, or too much unread
  std::uint64_t abandoned = 0;  // nobody waited any longer
};

}  // namespace ubiety::http
