// Random 64-bit numbers. Any thread.
#pragma once

#include <cstdint>
#include <random>

namespace ubiety {

// From the operating system, for secrets that no client may guess. Throws if the system has no randomness.
inline std::uint64_t random_secret() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

// For ids that must not collide, and for jitter. Takes a few nanoseconds. Not for secrets: an observer of enough
// numbers can compute the next ones.
inline std::uint64_t random_number() {
  static thread_local std::mt19937_64 generator{random_secret()};
  return generator();
}

}  // namespace ubiety
