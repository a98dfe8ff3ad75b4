// Housekeeping does not stall ingest: somebody keeps the checkpoint's table locked for longer than lock_timeout.
#include <gtest/gtest.h>

#include <iostream>
#include <thread>

#include "faults/figures.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

TEST(LockedCheckpoint, refuses_nothing) {
  PostgresServer postgres;
  postgres.start();
  ServiceProcess service({{"DATABASE_URL", postgres.url()}, {"CHECKPOINT_INTERVAL", "1"}});
  service.start();
  RecordedLoad load(service.port(), "locked", new_seed());
  EXPECT_TRUE(wait_until([&] { return load.stored() > 500; }, 20s, 1ms));
  const auto locked = std::chrono::steady_clock::now();
  postgres.execute("ubiety", "BEGIN; LOCK TABLE device_latest IN SHARE MODE; SELECT pg_sleep(14); COMMIT");
  const auto stored = load.stored();
  const auto refused = load.refused();
  EXPECT_EQ(refused, 0u) << "because of a lock that no update needs";
  load.stop();
  const auto recording = load.finish();
  const auto seen = verify(service.port(), recording);
  std::cout << "checkpoint locked for " << since(locked).count() << " ms: " << seen << ", " << refused << " refused, "
            << stored << " stored meanwhile" << std::endl;
}

}  // namespace
}  // namespace ubiety::test
