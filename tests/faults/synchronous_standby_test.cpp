// RELIABILITY.md, row 19: a synchronous standby goes away, so that commits wait for it. Somebody ends or cancels their
// wait: the rows are then visible, and on no standby. A promotion loses none that was acknowledged.
#include <gtest/gtest.h>

#include <string>

#include "faults/figures.hpp"
#include "support/postgres_server.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

constexpr auto absence = 5s;

class SynchronousStandby : public ::testing::TestWithParam<const char*> {
 protected:
  SynchronousStandby() {
    standby_.start();
    // After the base backup, so that the standby itself waits for none when it is promoted.
    primary_.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary_.execute("postgres", "SELECT pg_reload_conf()");
    EXPECT_TRUE(wait_until([this] { return is_synchronous(); }, 20s));
    service_.settings()["DATABASE_URL"] = url_of_primary(primary_, standby_);
    service_.settings()["TAIL_MEMORY"] = "0";
    service_.settings()["REQUEST_TIMEOUT"] = "2";
    service_.start();
  }

  bool is_synchronous() {
    return primary_.execute("postgres", "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1";
  }

  static PostgresServer& started(PostgresServer& server) {
    server.start();
    return server;
  }

  PostgresServer primary_;
  PostgresServer standby_{PostgresServer::StandbyOf{started(primary_)}};
  ServiceProcess service_;
};

TEST_P(SynchronousStandby, loses_nothing_that_was_acknowledged) {
  Figures figures(19, "synchronous standby away, the waits for it ended by " + std::string(GetParam()));
  RecordedLoad load(service_.port(), "synchronous", new_seed(), {.clients = 8, .requests_between_reads = 0});
  EXPECT_TRUE(wait_until([&] { return load.stored() > 300; }, 20s, 1ms)) << service_.log();
  standby_.stop();
  const auto left = std::chrono::steady_clock::now();
  std::size_t ended = 0;
  const auto end_waits = [&] {
    ended += std::stoul(primary_
                            .execute("ubiety", "SELECT count(" + std::string(GetParam()) +
                                                   "(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                            .value());
    return since(left) > absence;
  };
  EXPECT_TRUE(wait_until(end_waits, 2 * absence, 20ms));
  const auto rows = primary_.execute("ubiety", "SELECT count(*) FROM device_status");
  EXPECT_GT(std::stoul(rows.value()), load.stored()) << "no commit was visible without its standby";
  primary_.stop(PostgresServer::Stop::immediate);
  standby_.start();
  standby_.promote();
  const auto stored = load.stored();
  EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 100; }, 60s, 1ms)) << service_.log();
  load.stop();
  const auto recording = load.finish();
  figures.at_least("waits ended", ended, 1);
  figures.note(verify(service_.port(), recording));
  figures.note(check_stored_set(standby_, recording));
  service_.kill_hard();
  service_.start();
  verify(service_.port(), recording);
}

INSTANTIATE_TEST_SUITE_P(Waits, SynchronousStandby, ::testing::Values("pg_terminate_backend", "pg_cancel_backend"),
                         [](const auto& how) { return std::string(how.param); });

}  // namespace
}  // namespace ubiety::test
