// Counts what a benchmark's loop allocates: this executable's operator new counts its calls. One thread.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

namespace ubiety::micro {

// From its making to its end; then `state` has the counter "allocations", of one iteration.
class CountAllocations {
 public:
  explicit CountAllocations(benchmark::State& state);
  ~CountAllocations();
  CountAllocations(const CountAllocations&) = delete;
  CountAllocations& operator=(const CountAllocations&) = delete;

 private:
  benchmark::State& state_;
  const std::uint64_t before_;
};

}  // namespace ubiety::micro
