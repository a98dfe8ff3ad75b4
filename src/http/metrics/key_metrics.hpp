// Counts requests that were refused for their keys. The loop's thread.
#pragma once

#include <array>
#include <cstdint>

#include "http/access/key_verdict.hpp"

namespace ubiety::http {

struct KeyMetrics {
  std::array<std::uint64_t, key_verdicts> by_verdict{};

  void note(KeyVerdict verdict) { ++by_verdict[static_cast<std::size_t>(verdict)]; }
};

}  // namespace ubiety::http
