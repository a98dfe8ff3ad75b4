#include <benchmark/benchmark.h>

#include "domain/timestamp.hpp"
#include "micro/allocations.hpp"
#include "micro/samples.hpp"

namespace ubiety::micro {
namespace {

constexpr std::string_view text = "2026-01-01T00:00:00.123456Z";
const Timestamp instant = new_year + std::chrono::microseconds(123'456);

void parse_one_timestamp(benchmark::State& state) {
  if (parse_timestamp(text) != instant) return state.SkipWithError("another instant is read");
  const CountAllocations count(state);
  auto unread = text;
  for (auto _ : state) {
    benchmark::DoNotOptimize(unread);
    benchmark::DoNotOptimize(parse_timestamp(unread));
  }
}
BENCHMARK(parse_one_timestamp);

void format_one_timestamp(benchmark::State& state) {
  char out[max_timestamp_length];
  if (std::string_view(out, format_timestamp(instant, out)) != text)
    return state.SkipWithError("another text is written");
  const CountAllocations count(state);
  auto unwritten = instant;
  for (auto _ : state) {
    benchmark::DoNotOptimize(unwritten);
    benchmark::DoNotOptimize(format_timestamp(unwritten, out));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(format_one_timestamp);

}  // namespace
}  // namespace ubiety::micro
