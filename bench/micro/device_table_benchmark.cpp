#include <benchmark/benchmark.h>

#include "actors/shard/device_table.hpp"
#include "http/resources/summary/summary_body.hpp"
#include "micro/allocations.hpp"
#include "micro/samples.hpp"

namespace ubiety::micro {
namespace {

constexpr std::uint32_t scattering = 7919;  // a prime: every device has its turn before one has its second

struct FilledTable {
  explicit FilledTable(std::uint32_t devices) : updates(fleet(devices)) {
    for (const auto& update : updates) table.apply(update, {});
  }

  // Has the next device report once more, a second later.
  UpdateOutcome apply_next() {
    auto& update = updates[at];
    at = (at + scattering) % updates.size();
    update.status.timestamp = update.status.timestamp + std::chrono::seconds(1);
    update.status.received = update.status.received + std::chrono::seconds(1);
    return table.apply(update, {}).outcome;
  }

  std::vector<StatusUpdate> updates;
  Listening listening;
  Groups groups;
  DeviceTable table{NewerThan(std::chrono::seconds(300)),
                    {http::render_summary_device, http::deflate_piece},
                    SilenceWatch(0, std::chrono::minutes(10), {}),
                    listening,
                    groups};
  std::size_t at = 0;
};

void apply_update(benchmark::State& state) {
  FilledTable filled(static_cast<std::uint32_t>(state.range(0)));
  if (filled.apply_next() != UpdateOutcome::stored) return state.SkipWithError("a newer update is not stored");
  const CountAllocations count(state);
  for (auto _ : state) benchmark::DoNotOptimize(filled.apply_next());
}
BENCHMARK(apply_update)->RangeMultiplier(10)->Range(1'000, 1'000'000);

// All pieces of a summary; of how many devices.
std::uint64_t assemble(DeviceTable& table) {
  std::uint64_t devices = 0;
  for (std::size_t chunk = 0; chunk < table.chunks(); ++chunk) {
    const auto& ready = table.ready_chunk(chunk, false, chunk == 0);
    benchmark::DoNotOptimize(ready.plain.bytes.get());
    devices += ready.devices;
  }
  return devices;
}

// What a shard does for one summary, with so many of 10,000 devices changed since the last.
void assemble_summary(benchmark::State& state) {
  FilledTable filled(10'000);
  if (assemble(filled.table) != 10'000 || filled.table.online() != 9'000)
    return state.SkipWithError("another fleet is summed up");
  const CountAllocations count(state);
  for (auto _ : state) {
    for (auto changes = state.range(0); changes > 0; --changes) filled.apply_next();
    benchmark::DoNotOptimize(assemble(filled.table));
  }
}
BENCHMARK(assemble_summary)->Arg(0)->Arg(1)->Arg(10)->Arg(100)->Arg(10'000);

}  // namespace
}  // namespace ubiety::micro
