// Random 64-bit numbers. Any thread.
#pragma once

#include <cstdint>

namespace ubiety {

// For ids that must not collide, and for jitter. Takes a few nanoseconds. Not for secrets: an observer of enough
// numbers can compute the next ones.
std::uint64_t random_number();

// From the operating system, for secrets that no client may guess. Throws if the system has no randomness.
std::uint64_t random_secret();

}  // namespace ubiety
