// RELIABILITY.md, rows 1 and 2: kill -9 at random moments under load, with late and equal timestamps. Nothing
// acknowledged is missing, nothing is there that was not sent, and no reader sees a latest status go back or vanish.
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

class KilledService : public ::testing::TestWithParam<StoreKind> {
 protected:
  static int kills() { return GetParam() == StoreKind::sqlite ? in_short_or_soak(13, 500) : in_short_or_soak(12, 500); }
};

TEST_P(KilledService, loses_nothing_and_never_goes_back) {
  const auto times = std::to_string(kills()) + " times, " + ::testing::PrintToString(GetParam());
  Figures latest(2, "latest statuses read under load and kill -9, " + times);
  Figures figures(1, "kill -9 under load, " + times);
  std::mt19937 random(new_seed());
  auto settings = with_new_database(GetParam());
  settings["CHECKPOINT_INTERVAL"] = "1";
  ServiceProcess service(settings);
  Recording all;
  for (int round = 0; round < kills(); ++round) {
    SCOPED_TRACE("kill " + std::to_string(round));
    service.start();
    RecordedLoad load(service.port(), "kill" + std::to_string(round), static_cast<std::uint32_t>(random()),
                      {.requests_between_reads = 3});
    const auto moment = std::uniform_int_distribution<std::size_t>(1, 5000)(random);
    EXPECT_TRUE(wait_until([&] { return load.stored() >= moment; }, 20s, 1ms)) << load.stored() << " of " << moment;
    service.kill_hard();
    auto recording = load.finish();

    service.start();
    verify(service.port(), recording);
    service.kill_hard();
    add(all, std::move(recording));
    if (HasFailure()) break;
  }
  // What has survived one crash survives the others.
  service.start();
  const auto seen = verify(service.port(), all);
  EXPECT_EQ(service.terminate(), 0);
  figures.note(seen);
  figures.note("stored without an answer", seen.unanswered);
  latest.note("reads", seen.reads);
  latest.exactly("went back", seen.regressions, 0);
  latest.exactly("vanished", seen.vanished, 0);
}

UBIETY_WITH_EACH_STORE(KilledService);

}  // namespace
}  // namespace ubiety::test
