// Housekeeping does not stall ingest: another session keeps the checkpoint's table locked for longer than the service's
// lock_timeout of 10 s.
#include <gtest/gtest.h>

#include "faults/figures.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

TEST(LockedCheckpoint, refuses_nothing) {
  Figures figures(5, "checkpoint's table locked for 14 s");
  PostgresServer postgres;
  postgres.start();
  ServiceProcess service({{"DATABASE_URL", postgres.url()}, {"CHECKPOINT_INTERVAL", "1"}});
  service.start();
  RecordedLoad load(service.port(), "locked", new_seed());
  EXPECT_TRUE(wait_until([&] { return load.stored() > 500; }, 20s, 1ms));
  const auto stored_before = load.stored();
  postgres.execute("ubiety", "BEGIN; LOCK TABLE device_latest IN SHARE MODE; SELECT pg_sleep(14); COMMIT");
  EXPECT_NE(postgres.log().find("canceling statement due to lock timeout"), std::string::npos)
      << "no checkpoint waited for the lock";
  const auto stored = load.stored();
  const auto refused = load.refused();
  load.stop();
  const auto recording = load.finish();
  figures.note(verify(service.port(), recording));
  figures.note("stored meanwhile", stored - stored_before);
  figures.exactly("refused", refused, 0);  // a lock that no update needs
}

}  // namespace
}  // namespace ubiety::test
