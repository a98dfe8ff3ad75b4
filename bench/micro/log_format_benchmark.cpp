#include "storage/log/format.hpp"

#include <benchmark/benchmark.h>

#include "micro/allocations.hpp"
#include "micro/samples.hpp"

namespace ubiety::micro {
namespace {

// The row of one commit, with an update of each of so many devices.
void encode_row(benchmark::State& state) {
  const log::Row row{{}, fleet(static_cast<std::uint32_t>(state.range(0)))};
  const auto pointers = row.pointers();
  if (*log::decode_row(log::encode_row(pointers)) != row.updates)
    return state.SkipWithError("other updates are read back");
  const CountAllocations count(state);
  for (auto _ : state) benchmark::DoNotOptimize(log::encode_row(pointers));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(encode_row)->Arg(1)->Arg(100)->Arg(1'000);

std::vector<Status> records(std::int64_t count) {
  std::vector<Status> records;
  for (std::int64_t nth = 0; nth < count; ++nth) records.push_back(update_of(0, nth).status);
  return records;
}

void encode_segment(benchmark::State& state) {
  const auto kept = records(state.range(0));
  const CountAllocations count(state);
  for (auto _ : state) benchmark::DoNotOptimize(log::encode_segment(kept));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(encode_segment)->Arg(1)->Arg(288);

void decode_segment(benchmark::State& state) {
  const auto kept = records(state.range(0));
  const auto bytes = log::encode_segment(kept);
  if (*log::decode_segment(bytes) != kept) return state.SkipWithError("other records are read back");
  const CountAllocations count(state);
  for (auto _ : state) benchmark::DoNotOptimize(log::decode_segment(bytes));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(decode_segment)->Arg(1)->Arg(288);

}  // namespace
}  // namespace ubiety::micro
