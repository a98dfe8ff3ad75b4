// Compares what clients were told with what the service has, after a crash or a stop.
#pragma once

#include <cstdint>

#include "support/recorded_load.hpp"

namespace ubiety::test {

struct Verification {
  std::size_t stored = 0;       // updates that clients were told are stored
  std::size_t unsettled = 0;    // updates of which they were told nothing, or 503
  std::size_t unanswered = 0;   // updates that are stored, though the connection ended before the answer
  std::size_t lost = 0;         // acknowledged and not there
  std::size_t unexpected = 0;   // there and not sent, or not where it belongs, or told not to be stored
  std::size_t outdated = 0;     // devices whose latest status is not the first of their history
  std::size_t reads = 0;        // latest statuses that were read meanwhile
  std::size_t vanished = 0;     // of these, and not in the history
  std::size_t regressions = 0;  // of these, and older than what the same reader had read before
};

// Expects: every acknowledged update is in the history, in the right order, with nothing besides but what was sent and
// may be stored; the latest is the history's first; whatever a GET showed is there still, and was not older than what
// the same reader was shown before.
Verification verify(int port, const Recording& recording);

// For random choices; printed, and taken from UBIETY_SEED if that is set.
std::uint32_t new_seed();

}  // namespace ubiety::test
