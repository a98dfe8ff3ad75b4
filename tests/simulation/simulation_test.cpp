// Thousands of lives of shards, writer, merger and recovery over a store that fails, each by its seed. With
// UBIETY_SEED=n only that seed runs, and its trace is printed; UBIETY_SEEDS=n says how many.
#include "simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "telemetry/log.hpp"

namespace ubiety::simulation {
namespace {

std::optional<std::uint64_t> number_in(const char* variable) {
  const auto* text = std::getenv(variable);
  return text == nullptr ? std::nullopt : std::optional<std::uint64_t>(std::strtoull(text, nullptr, 10));
}

std::string told(std::uint64_t seed, const Outcome& outcome) {
  auto text = "UBIETY_SEED=" + std::to_string(seed) + ": " + outcome.violation.value_or("nothing is wrong");
  for (const auto& line : outcome.trace) text += "\n" + line;
  return text;
}

// The product logs each update that its store refuses, which here is no news. The log takes `stderr` when it is first
// used; sanitizers write to the descriptor itself and stay heard.
class SimulationTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto* const kept = stderr;
    stderr = std::fopen("/dev/null", "w");
    log::error("silence");
    stderr = kept;
    log::configure(log::Level::error, log::Format::text);
  }
};

TEST_F(SimulationTest, keeps_every_promise_under_every_seed) {
  if (const auto seed = number_in("UBIETY_SEED")) {
    const auto outcome = simulate(*seed, Plant::none, true);
    std::cout << told(*seed, outcome) << "\n";
    EXPECT_FALSE(outcome.violation) << *outcome.violation;
    return;
  }
  const auto seeds = number_in("UBIETY_SEEDS").value_or(5000);
  const auto begin = std::chrono::steady_clock::now();
  Figures all;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto outcome = simulate(seed);
    ASSERT_FALSE(outcome.violation) << told(seed, simulate(seed, Plant::none, true));
    all.add(outcome.figures);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::cout << seeds << " seeds in " << took.count() << " s: " << all.events << " events, " << all.commits
            << " commits, " << all.unknown_commits << " of unknown outcome, " << all.crashes << " crashes, "
            << all.stops << " stops, " << all.merges << " merges, " << all.interrupted_merges << " interrupted, "
            << all.finished_merges << " finished later, " << all.pages << " pages, " << all.failed_shards
            << " failed shards, " << all.parcels_of_several << " parcels of several, " << all.partly_refused_parcels
            << " partly refused, " << all.reads << " reads, " << all.recovered_statuses << " statuses recovered\n"
            << all.appends << " appends to the spool, " << all.full_spools << " times full, "
            << all.unknown_spool_writes << " of unknown outcome, " << all.forwarded_rows << " rows forwarded, "
            << all.starts_by_spool << " starts by the spool, " << all.steps_back
            << " steps back of the times of receipt\n"
            << all.removed_devices << " devices removed, " << all.returned_devices << " reads of some that came back, "
            << all.sweeps << " sweeps\noutcomes:";
  for (const auto& [outcome, count] : all.outcomes) std::cout << " " << static_cast<int>(outcome) << "=" << count;
  std::cout << "\n";
  for (const auto outcome : {UpdateOutcome::stored, UpdateOutcome::late, UpdateOutcome::duplicate,
                             UpdateOutcome::expired, UpdateOutcome::unavailable, UpdateOutcome::refused})
    EXPECT_GE(all.outcomes[outcome], seeds / 50) << static_cast<int>(outcome);
  for (const auto count : {all.unknown_commits,
                           all.crashes,
                           all.stops,
                           all.merges,
                           all.interrupted_merges,
                           all.finished_merges,
                           all.pages,
                           all.recovered_statuses,
                           all.failed_shards,
                           all.parcels_of_several,
                           all.partly_refused_parcels,
                           all.appends,
                           all.full_spools,
                           all.unknown_spool_writes,
                           all.forwarded_rows,
                           all.starts_by_spool,
                           all.steps_back,
                           all.removed_devices,
                           all.returned_devices,
                           all.sweeps})
    EXPECT_GE(count, seeds / 10);
}

TEST_F(SimulationTest, gives_the_same_for_the_same_seed) {
  const auto first = simulate(7, Plant::none, true), second = simulate(7, Plant::none, true);
  EXPECT_EQ(first.trace, second.trace);
  EXPECT_FALSE(first.trace.empty());
}

class Planted : public SimulationTest, public ::testing::WithParamInterface<std::pair<Plant, std::string_view>> {};

TEST_P(Planted, is_caught) {
  constexpr std::uint64_t most_seeds = 1000;
  const auto [plant, name] = GetParam();
  for (std::uint64_t seed = 1; seed <= most_seeds; ++seed)
    if (const auto outcome = simulate(seed, plant); outcome.violation) {
      std::cout << name << ": seed " << seed << ": " << *outcome.violation << "\n";
      return;
    }
  FAIL() << name << " was not caught by " << most_seeds << " seeds";
}

INSTANTIATE_TEST_SUITE_P(Simulation, Planted, ::testing::ValuesIn(planted_faults),
                         [](const auto& test) { return std::string(test.param.second); });

}  // namespace
}  // namespace ubiety::simulation
