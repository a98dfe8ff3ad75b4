// Merges do not stall ingest: another session keeps the history or the latest statuses locked for longer than the
// service's lock_timeout of 10 s.
#include <gtest/gtest.h>

#include "faults/figures.hpp"
#include "support/metrics.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

double merged_by(const ServiceProcess& service) { return scrape(service.port()).at("ubiety_merged_updates_total"); }

class LockedTable : public ::testing::TestWithParam<const char*> {};

TEST_P(LockedTable, refuses_nothing) {
  Figures figures(5, std::string(GetParam()) + " locked for 14 s");
  PostgresServer postgres;
  postgres.start();
  ServiceProcess service({{"DATABASE_URL", postgres.url()}, {"TAIL_MEMORY", "0"}});
  service.start();
  RecordedLoad load(service.port(), "locked", new_seed());
  EXPECT_TRUE(wait_until([&] { return load.stored() > 500; }, 20s, 1ms));
  const auto stored_before = load.stored();
  postgres.execute("ubiety",
                   "BEGIN; LOCK TABLE " + std::string(GetParam()) + " IN SHARE MODE; SELECT pg_sleep(14); COMMIT");
  EXPECT_NE(postgres.log().find("canceling statement due to lock timeout"), std::string::npos)
      << "no merge waited for the lock";
  const auto stored = load.stored();
  const auto refused = load.refused();
  const auto merged_before = merged_by(service);
  EXPECT_TRUE(wait_until([&] { return merged_by(service) > merged_before; }, 10s)) << service.log();
  load.stop();
  const auto recording = load.finish();
  figures.note(verify(service.port(), recording));
  figures.note(check_stored_set(postgres, recording));
  figures.note("stored meanwhile", stored - stored_before);
  figures.exactly("refused", refused, 0);  // a lock that no update needs
}

INSTANTIATE_TEST_SUITE_P(OfMerges, LockedTable, ::testing::Values("device_history", "device_latest"),
                         [](const auto& table) { return std::string(table.param); });

}  // namespace
}  // namespace ubiety::test
