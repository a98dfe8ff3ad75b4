#include "domain/random.hpp"

#include <random>

namespace ubiety {

std::uint64_t random_number() {
  static thread_local std::mt19937_64 generator{random_secret()};
  return generator();
}

std::uint64_t random_secret() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace ubiety
