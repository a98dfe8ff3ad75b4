#include "storage/postgres/binary_format.hpp"

#include <benchmark/benchmark.h>

#include "micro/allocations.hpp"
#include "micro/samples.hpp"

namespace ubiety::micro {
namespace {

std::string encoded(const std::vector<StatusUpdate>& updates) {
  std::string rows;
  postgres::append_header(rows);
  for (const auto& update : updates) postgres::append_row(rows, update);
  postgres::append_trailer(rows);
  return rows;
}

// The rows of one commit for COPY, written into a buffer that is used again.
void encode_rows(benchmark::State& state) {
  const auto updates = fleet(static_cast<std::uint32_t>(state.range(0)));
  if (postgres::RowReader().read(encoded(updates)) != updates.front())
    return state.SkipWithError("another row is read back");
  auto rows = encoded(updates);
  const CountAllocations count(state);
  for (auto _ : state) {
    rows.clear();
    for (const auto& update : updates) postgres::append_row(rows, update);
    benchmark::DoNotOptimize(rows.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(encode_rows)->Arg(1)->Arg(100)->Arg(1'000);

}  // namespace
}  // namespace ubiety::micro
