// RELIABILITY.md, row 6: the disk is full for a while.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "faults/figures.hpp"
#include "support/service_process.hpp"
#include "support/small_disk.hpp"
#include "support/soak.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const int rounds = in_short_or_soak(3, 20);

TEST(FullDisk, is_survived) {
  Figures figures(6, "disk of the SQLite database full, " + std::to_string(rounds) + " times");
  SmallDisk disk(64);
  if (!disk.is_mounted()) GTEST_SKIP() << "row 6 needs the right to mount a file system: run it as root";
  std::mt19937 random(new_seed());
  ServiceProcess service({{"DATABASE_URL", "sqlite:" + (disk.path() / "ubiety.db").string()},
                          {"TAIL_MEMORY", "0"},
                          {"REQUEST_TIMEOUT", "2"}});
  service.start();
  RecordedLoad load(service.port(), "full", static_cast<std::uint32_t>(random()));
  std::chrono::milliseconds slowest_refusing{0}, slowest_recovery{0};
  for (int round = 0; round < rounds; ++round) {
    const auto enough = load.stored() + std::uniform_int_distribution<std::size_t>(1, 1500)(random);
    ASSERT_TRUE(wait_until([&] { return load.stored() >= enough; }, 20s, 1ms)) << service.log();
    disk.fill();
    const auto filled = std::chrono::steady_clock::now();
    const auto refused = load.refused();
    // A write-ahead log goes on in the space that it has until it must grow.
    ASSERT_TRUE(wait_until([&] { return load.refused() > refused; }, 60s, 1ms)) << "nothing is refused";
    slowest_refusing = std::max(slowest_refusing, since(filled));
    ASSERT_TRUE(wait_until([&] { return load.refused() > refused + 500; }, 20s, 1ms));
    EXPECT_TRUE(service.is_running()) << service.log();
    const auto stored = load.stored();
    disk.free();
    const auto freed = std::chrono::steady_clock::now();
    ASSERT_TRUE(wait_until([&] { return load.stored() > stored + 24; }, 20s, 1ms)) << service.log();
    slowest_recovery = std::max(slowest_recovery, since(freed));
  }
  load.stop();
  const auto refused = load.refused();
  const auto recording = load.finish();
  verify(service.port(), recording);
  service.kill_hard();
  service.start();
  figures.note(verify(service.port(), recording));
  EXPECT_EQ(service.terminate(), 0);
  figures.note("refused", refused);
  figures.at_most("slowest refusal", recording.of_refusals.slowest(), 2500ms);
  figures.note("first refusal after", slowest_refusing);
  figures.at_most("serving again after", slowest_recovery, 2s);
}

}  // namespace
}  // namespace ubiety::test
