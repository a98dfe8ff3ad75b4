#include <benchmark/benchmark.h>

#include "domain/report.hpp"
#include "json/reader.hpp"
#include "micro/allocations.hpp"
#include "micro/samples.hpp"

namespace ubiety::micro {
namespace {

void parse_report(benchmark::State& state) {
  const auto text = report_text(update_of(7));
  json::ReportReader reader;
  if (!reader.read(text)) return state.SkipWithError("the report is not read");
  const CountAllocations count(state);
  for (auto _ : state) benchmark::DoNotOptimize(reader.read(text));
}
BENCHMARK(parse_report);

void parse_and_validate_report(benchmark::State& state) {
  const auto update = update_of(7);
  const auto text = report_text(update);
  const auto received = update.status.received;
  json::ReportReader reader;
  const auto read = [&] { return validate(*reader.read(text), received, received, std::chrono::hours(24)); };
  if (const auto result = read(); !result || *result != update) return state.SkipWithError("another update is read");
  const CountAllocations count(state);
  for (auto _ : state) benchmark::DoNotOptimize(read());
}
BENCHMARK(parse_and_validate_report);

}  // namespace
}  // namespace ubiety::micro
