// RELIABILITY.md, row 5: PostgreSQL is gone for a while, or is there and silent, which is worse.
#include <gtest/gtest.h>
#include <signal.h>

#include <iostream>
#include <random>

#include "faults/figures.hpp"
#include "support/http_client.hpp"
#include "support/latency_probe.hpp"
#include "support/process_figures.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/time_limit.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const auto absence = in_short_or_soak(6s, 60s);
constexpr auto request_timeout = 2s;
constexpr auto grace = 500ms;  // of an answer beyond the deadline: expiry looks every 50 ms, and all share two cores
constexpr std::size_t kilobytes_to_grow = 32 * 1024;

class AbsentDatabase : public ::testing::Test {
 protected:
  AbsentDatabase() {
    postgres_.start();
    service_.start();
    EXPECT_EQ(client().post("/status", Report{.device_id = "probe"}.json()).status, 200);
    postgres_.execute("ubiety", "DELETE FROM device_status");  // the probe's row is not of the recording
  }

  HttpClient client() { return HttpClient(service_.port()); }

  template <class Leave, class Return>
  void be_away(const char* name, Leave leave, Return come_back) {
    const auto began = std::chrono::steady_clock::now();
    RecordedLoad load(service_.port(), name, static_cast<std::uint32_t>(random_()), {.clients = 64});
    EXPECT_TRUE(wait_until([&] { return load.stored() > 2000; }, 20s, 1ms));
    const auto memory_before = resident_kilobytes(service_.pid());
    const auto processor_before = processor_time(service_.pid());

    leave();
    const auto left = std::chrono::steady_clock::now();
    // What was under way at that moment may still be answered well.
    EXPECT_TRUE(wait_until([&] { return load.refused() > 0; }, request_timeout + grace, 1ms)) << "nothing is refused";
    const auto first_refusal = since(left);
    const auto stored = load.stored();
    LatencyProbe probe(service_.port(), "/status/probe");
    EXPECT_TRUE(wait_until([&] { return since(left) > absence; }, 2 * absence, 20ms));
    EXPECT_EQ(load.stored(), stored) << "acknowledged without a database";
    const auto gets = probe.finish();
    const auto health = client().get("/health");
    EXPECT_EQ(health.status, 503) << "the database is called " << health.body;
    const auto asked = std::chrono::steady_clock::now();
    EXPECT_EQ(client().get("/status/probe/history").status, 503);
    EXPECT_LE(since(asked), time_limit(grace)) << "a history is waited for, though the database is known to be away";
    const auto refused = load.refused();
    const auto memory = resident_kilobytes(service_.pid());
    const auto processor = processor_time(service_.pid()) - processor_before;

    come_back();
    const auto back = std::chrono::steady_clock::now();
    EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 200; }, 20s, 1ms)) << service_.log();
    const auto recovery = since(back);
    load.stop();
    const auto recording = load.finish();

    EXPECT_LE(recording.slowest_refusal, time_limit(request_timeout + grace));
    EXPECT_EQ(gets.failures, 0u);
    EXPECT_LE(gets.p99, time_limit(50ms));
    if (memory_is_judged) {
      EXPECT_LE(memory, memory_before + kilobytes_to_grow);
    }
    EXPECT_LE(recovery, time_limit(2s));
    EXPECT_EQ(client().get("/status/probe").status, 200);
    const auto seen = verify(service_.port(), recording);
    const auto set = check_stored_set(postgres_, recording);
    std::cout << "row 5, " << name << " for " << absence.count() << " s: " << seen << ", " << refused
              << " refused meanwhile (first after " << first_refusal.count() << " ms, slowest answer "
              << recording.slowest_refusal.count() << " ms); " << set << "; " << gets.answers << " GETs, p99 "
              << gets.p99.count() << " us, slowest " << gets.slowest.count() << " us; memory " << memory_before / 1024
              << " -> " << memory / 1024 << " MB" << (memory_is_judged ? "" : " (under a sanitizer: not judged)")
              << ", processor " << processor.count() << " ms; /health said " << health.status
              << "; serving again after " << recovery.count() << " ms, scenario " << since(began).count() << " ms"
              << std::endl;
  }

  std::mt19937 random_{new_seed()};
  PostgresServer postgres_;
  ServiceProcess service_{Environment{{"DATABASE_URL", postgres_.url()},
                                      {"REQUEST_TIMEOUT", "2"},
                                      {"SHUTDOWN_TIMEOUT", "3"},
                                      {"DATABASE_TIMEOUT", "1"}}};
};

TEST_F(AbsentDatabase, stopped) {
  be_away(
      "stopped", [this] { postgres_.stop(); }, [this] { postgres_.start(); });
}

TEST_F(AbsentDatabase, silent) {
  be_away(
      "silent", [this] { postgres_.pause(); }, [this] { postgres_.resume(); });
}

// The writer and the housekeeper wait for answers then that do not come.
TEST_F(AbsentDatabase, silent_lets_the_service_stop) {
  RecordedLoad load(service_.port(), "stopping", static_cast<std::uint32_t>(random_()));
  EXPECT_TRUE(wait_until([&] { return load.stored() > 500; }, 20s, 1ms));
  postgres_.pause();
  EXPECT_TRUE(wait_until([&] { return load.refused() > 0; }, request_timeout + grace, 1ms));
  const auto told = std::chrono::steady_clock::now();
  service_.process().send_signal(SIGTERM);
  const auto status = service_.process().wait(10s);
  const auto took = since(told);
  EXPECT_TRUE(status.has_value()) << "still running after 10 s; SHUTDOWN_TIMEOUT is 3 s";
  service_.kill_hard();
  postgres_.resume();
  load.stop();
  const auto recording = load.finish();
  service_.start();
  const auto seen = verify(service_.port(), recording);
  std::cout << "row 5, SIGTERM while silent: ended " << (status ? "by itself" : "only by SIGKILL") << " after "
            << took.count() << " ms; " << seen << "; " << check_stored_set(postgres_, recording) << std::endl;
}

}  // namespace
}  // namespace ubiety::test
