// Random 64-bit numbers. Any thread.
#pragma once

#include <cstdint>

namespace ubiety {

// For ids that must not collide, and for jitter. It costs a few nanoseconds; who sees enough of the numbers can compute
// the next ones, so they protect nothing.
std::uint64_t random_number();

// From the operating system, for secrets that no client may guess. Throws if the system has no randomness.
std::uint64_t random_secret();

}  // namespace ubiety
