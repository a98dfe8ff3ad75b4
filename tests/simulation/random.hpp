// Numbers that follow from a seed, the same on every machine (SplitMix64).
#pragma once

#include <cstddef>
#include <cstdint>

namespace ubiety::simulation {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    auto mixed = state_ += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

  // 0 to bound - 1.
  int below(int bound) { return static_cast<int>(next() % static_cast<std::uint64_t>(bound)); }
  bool one_in(int number) { return below(number) == 0; }
  bool percent(int chance) { return below(100) < chance; }

  template <class Container>
  auto& any_of(Container& container) {
    return container[static_cast<std::size_t>(next() % std::size(container))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace ubiety::simulation
