// Compares clients' records with the service's data, after a crash or a stop. One thread.
#pragma once

#include <cstdint>

#include "support/recorded_load.hpp"

namespace ubiety::test {

struct Verification {
  std::size_t stored = 0;       // updates that were acknowledged
  std::size_t unsettled = 0;    // updates without an answer, or answered with 503
  std::size_t unanswered = 0;   // updates without an answer that are stored
  std::size_t lost = 0;         // acknowledged, and not stored
  std::size_t unexpected = 0;   // stored, but never sent, out of order, or answered with "not stored"
  std::size_t outdated = 0;     // devices whose latest status is not the first of their history
  std::size_t reads = 0;        // latest statuses that clients read
  std::size_t vanished = 0;     // reads that are not in the history
  std::size_t regressions = 0;  // reads that are older than an earlier read of the same reader
};

// Expects that every acknowledged update is in the history, in the right order. Besides these, the history has only
// updates of unknown outcome. The latest status is the history's first record. Each status that a GET returned is still
// there, and is not older than an earlier one that the same reader received.
Verification verify(int port, const Recording& recording);

// Returns a seed for random choices, from UBIETY_SEED if that is set, and prints it.
std::uint32_t new_seed();

}  // namespace ubiety::test
