#include <benchmark/benchmark.h>

#include "http/message/answer.hpp"
#include "http/resources/summary/summary_body.hpp"
#include "micro/allocations.hpp"
#include "micro/samples.hpp"

namespace ubiety::micro {
namespace {

void render_summary_device(benchmark::State& state) {
  const auto [device_id, status] = update_of(7);
  const DeviceState device{status, status.received, {}};
  std::string out;
  http::render_summary_device(out, device_id, device);
  if (out !=
      R"(,{"device_id":"bench-0000007","battery_level":17,"online":true,"last_update":"2026-01-01T00:00:00.123456Z",)"
      R"("rssi":-47,"last_heard":"2026-01-01T00:00:00.123456Z","stale":false})")
    return state.SkipWithError("another text is rendered");
  const CountAllocations count(state);
  for (auto _ : state) {
    out.clear();
    http::render_summary_device(out, device_id, device);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(render_summary_device);

// The body of an answer, without its head.
void render_not_found(benchmark::State& state) {
  if (http::detail_answer(404, "Device bench-0000007 not found").body !=
      R"({"detail":"Device bench-0000007 not found"})")
    return state.SkipWithError("another text is rendered");
  const CountAllocations count(state);
  for (auto _ : state) benchmark::DoNotOptimize(http::detail_answer(404, "Device bench-0000007 not found"));
}
BENCHMARK(render_not_found);

}  // namespace
}  // namespace ubiety::micro
