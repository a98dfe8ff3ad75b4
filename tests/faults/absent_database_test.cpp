// RELIABILITY.md, row 5: PostgreSQL is gone for a while, or is there and silent, which is worse.
#include <gtest/gtest.h>
#include <signal.h>

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
    EXPECT_EQ(client().post("/status", probe_.json()).status, 200);
  }

  HttpClient client() { return HttpClient(service_.port()); }

  template <class Leave, class Return>
  void be_away(const char* name, Leave leave, Return come_back) {
    Figures figures(
        5, "PostgreSQL " + std::string(name) + " for " + std::to_string(absence.count()) + " s, without a spool");
    RecordedLoad load(service_.port(), name, static_cast<std::uint32_t>(random_()), {.clients = 64});
    EXPECT_TRUE(wait_until([&] { return load.stored() > 2000; }, 20s, 1ms));
    const auto memory_before = memory_of(service_.pid());

    leave();
    const auto left = std::chrono::steady_clock::now();
    // What was under way at that moment may still be answered well.
    EXPECT_TRUE(wait_until([&] { return load.refused() > 0; }, request_timeout + grace, 1ms)) << "nothing is refused";
    const auto first_refusal = since(left);
    const auto stored = load.stored();
    LatencyProbe probe(service_.port(), "/status/probe");
    EXPECT_TRUE(wait_until([&] { return since(left) > absence; }, 2 * absence, 20ms));
    const auto false_200 = load.stored() - stored;
    const auto gets = probe.finish();
    const auto health = client().get("/health");
    EXPECT_EQ(health.status, 503) << "the database is called " << health.body;
    const auto asked = std::chrono::steady_clock::now();
    EXPECT_EQ(client().get("/status/probe/history").status, 503);
    EXPECT_LE(since(asked), time_limit(grace)) << "a history is waited for, though the database is known to be away";
    const auto refused = load.refused();
    const auto memory = memory_of(service_.pid());

    come_back();
    const auto back = std::chrono::steady_clock::now();
    EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 200; }, 20s, 1ms)) << service_.log();
    const auto recovery = since(back);
    load.stop();
    auto recording = load.finish();
    recording.sent[probe_.device_id].push_back({probe_, Told::stored});

    EXPECT_EQ(client().get("/status/probe").status, 200);
    figures.note(verify(service_.port(), recording));
    figures.note(check_stored_set(postgres_, recording));
    figures.exactly("acknowledged meanwhile", false_200, 0);
    figures.note("refused meanwhile", refused);
    figures.note("first refusal after", first_refusal);
    figures.at_most("slowest refusal", recording.of_refusals.slowest(), request_timeout + grace);
    figures.exactly("failed GETs", gets.failures, 0);
    figures.at_most("GET p99", gets.answers.p99(), 50ms);
    figures.note("memory before", memory_before);
    figures.at_most("memory", memory, {memory_before.count + kilobytes_to_grow});
    figures.at_most("serving again after", recovery, 2s);
  }

  const Report probe_{.device_id = "probe"};
  std::mt19937 random_{new_seed()};
  PostgresServer postgres_;
  ServiceProcess service_{Environment{{"DATABASE_URL", postgres_.url()},
                                      {"REQUEST_TIMEOUT", "2"},
                                      {"SHUTDOWN_TIMEOUT", "3"},
                                      {"DATABASE_TIMEOUT", "1"}}};
};

TEST_F(AbsentDatabase, loses_nothing_while_it_is_stopped) {
  be_away(
      "stopped", [this] { postgres_.stop(); }, [this] { postgres_.start(); });
}

TEST_F(AbsentDatabase, loses_nothing_while_it_is_silent) {
  be_away(
      "silent", [this] { postgres_.pause(); }, [this] { postgres_.resume(); });
}

// The writer and the housekeeper wait for answers then that do not come.
TEST_F(AbsentDatabase, lets_the_service_stop_while_it_is_silent) {
  Figures figures(5, "SIGTERM while PostgreSQL is silent, SHUTDOWN_TIMEOUT 3 s");
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
  auto recording = load.finish();
  recording.sent[probe_.device_id].push_back({probe_, Told::stored});
  service_.start();
  figures.note(verify(service_.port(), recording));
  figures.note(check_stored_set(postgres_, recording));
  figures.at_most("ended after", took, 6s);
}

}  // namespace
}  // namespace ubiety::test
