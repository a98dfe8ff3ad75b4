// The clients' connections, and what the gate refused on them. The loop's thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "http/http1/refusal.hpp"

namespace ubiety::http {

struct ConnectionMetrics {
  std::size_t limit;
  std::size_t open = 0;
  std::uint64_t accepted = 0;
  std::array<std::uint64_t, gate::reason_count> refused{};  // requests, by gate::Reason

  void note_refusal(gate::Reason reason) { ++refused[static_cast<std::size_t>(reason)]; }
};

}  // namespace ubiety::http
