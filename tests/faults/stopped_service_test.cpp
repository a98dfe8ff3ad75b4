// RELIABILITY.md, row 13: SIGTERM under load. What was accepted is finished and answered.
#include <gtest/gtest.h>

#include <random>

#include "faults/figures.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/store_kind.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const int stops = in_short_or_soak(5, 50);

class StoppedService : public ::testing::TestWithParam<StoreKind> {};

TEST_P(StoppedService, loses_no_accepted_request) {
  Figures figures(13,
                  "SIGTERM under load, " + std::to_string(stops) + " times, " + ::testing::PrintToString(GetParam()));
  std::mt19937 random(new_seed());
  ServiceProcess service{with_new_database(GetParam())};
  Recording all;
  std::chrono::milliseconds slowest{0};
  for (int round = 0; round < stops && !HasFailure(); ++round) {
    SCOPED_TRACE("stop " + std::to_string(round));
    service.start();
    RecordedLoad load(service.port(), "stop" + std::to_string(round), static_cast<std::uint32_t>(random()));
    const auto moment = std::uniform_int_distribution<std::size_t>(1, 3000)(random);
    EXPECT_TRUE(wait_until([&] { return load.stored() >= moment; }, 20s, 1ms)) << load.stored() << " of " << moment;
    const auto told = std::chrono::steady_clock::now();
    EXPECT_EQ(service.terminate(), 0) << service.log();
    slowest = std::max(slowest, since(told));
    add(all, load.finish());
  }
  service.start();
  const auto seen = verify(service.port(), all);
  figures.note(seen);
  // A connection may end without an answer only if its request was not taken in.
  figures.exactly("accepted without an answer", seen.unanswered, 0);
  figures.note("slowest stop", slowest);
}

UBIETY_WITH_EACH_STORE(StoppedService);

}  // namespace
}  // namespace ubiety::test
