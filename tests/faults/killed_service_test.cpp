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

  // Kills the service so often, each time after at most so many updates were acknowledged.
  void kill_under(const LoadShape& shape, const std::string& load_in_words, int kills, std::size_t most_updates);
};

void KilledService::kill_under(const LoadShape& shape, const std::string& load_in_words, int kills,
                               std::size_t most_updates) {
  const auto times = std::to_string(kills) + " times, " + ::testing::PrintToString(GetParam());
  Figures latest(2, "latest statuses read under " + load_in_words + " and kill -9, " + times);
  Figures figures(1, "kill -9 under " + load_in_words + ", " + times);
  std::mt19937 random(new_seed());
  auto settings = with_new_database(GetParam());
  settings["TAIL_MEMORY"] = "4096";
  ServiceProcess service(settings);
  Recording all;
  for (int round = 0; round < kills; ++round) {
    SCOPED_TRACE("kill " + std::to_string(round));
    service.start();
    RecordedLoad load(service.port(), "kill" + std::to_string(round), static_cast<std::uint32_t>(random()), shape);
    const auto moment = std::uniform_int_distribution<std::size_t>(1, most_updates)(random);
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

TEST_P(KilledService, loses_nothing_and_never_goes_back) {
  kill_under({.requests_between_reads = 3}, "load", kills(), 5000);
}

// A batch is acknowledged as a whole: then each of its updates is there. Of one that is not, any may be.
TEST_P(KilledService, loses_nothing_of_batches) {
  kill_under({.clients = 6, .requests_between_reads = 3, .batch = 100}, "batches", in_short_or_soak(6, 100), 20'000);
}

UBIETY_WITH_EACH_STORE(KilledService);

}  // namespace
}  // namespace ubiety::test
