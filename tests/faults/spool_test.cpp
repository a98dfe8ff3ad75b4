// RELIABILITY.md, row 5, with a spool: PostgreSQL is gone for a while, and every update is acknowledged all the same.
#include <gtest/gtest.h>
#include <signal.h>

#include "faults/figures.hpp"
#include "support/http_client.hpp"
#include "support/latency_probe.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/time_limit.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const auto absence = in_short_or_soak(4s, 60s);
constexpr auto time_to_forward = 30s;
constexpr int posts_per_second = UBIETY_IS_SANITIZED ? 1000 : 5000;  // ThreadSanitizer carries 3,000
// Each change from PostgreSQL to the spool and back may stall for a fifth of a second: more than 1 % of a short
// absence.
const auto post_limit = in_short_or_soak(500ms, 100ms);

class Spooling : public ::testing::Test {
 protected:
  Spooling() {
    postgres_.start();
    service_.settings()["SPOOL_PATH"] = (service_.folder() / "spool.db").string();
    service_.settings()["DATABASE_URL"] = postgres_.url();
    service_.settings()["TAIL_MEMORY"] = "0";
  }

  HttpClient client() { return HttpClient(service_.port()); }
  std::string health() { return client().get("/health").body; }
  std::int64_t waiting() {
    const auto body = health();
    const auto place = body.find("\"waiting\":");
    return place == std::string::npos ? 0 : std::stoll(body.substr(place + 10));
  }
  bool is_forwarded() { return health().find("\"database\":\"connected\"") != std::string::npos; }

  // Waits for the forwarding, then compares everything with what was told.
  void expect_all_in_postgres(Figures& figures, const Recording& recording) {
    EXPECT_TRUE(wait_until([&] { return is_forwarded(); }, time_to_forward, 10ms)) << health() << service_.log();
    figures.note(verify(service_.port(), recording));
    figures.note(check_stored_set(postgres_, recording));
    service_.restart();
    verify(service_.port(), recording);
  }

  std::uint32_t seed_ = new_seed();
  PostgresServer postgres_;
  ServiceProcess service_;
};

TEST_F(Spooling, acknowledges_everything_while_the_database_is_stopped) {
  Figures figures(5, "PostgreSQL stopped for " + std::to_string(absence.count()) + " s, with a spool, " +
                         std::to_string(posts_per_second) + " posts a second");
  service_.start();
  const Report watched{.device_id = "probe"};
  EXPECT_EQ(client().post("/status", watched.json()).status, 200);
  RecordedLoad load(service_.port(), "spooled", seed_, {.clients = 64, .per_second = posts_per_second});
  EXPECT_TRUE(wait_until([&] { return load.stored() > 2000; }, 20s, 1ms));
  postgres_.stop();
  const auto left = std::chrono::steady_clock::now();
  const auto stored = load.stored();
  LatencyProbe probe(service_.port(), "/status/probe");
  EXPECT_TRUE(wait_until([&] { return since(left) > absence; }, 2 * absence, 20ms));
  const auto gets = probe.finish();
  const auto stored_meanwhile = load.stored() - stored;
  const auto rate = stored_meanwhile * 1000 / static_cast<std::size_t>(since(left).count());
  const auto spooled = waiting();
  EXPECT_GT(spooled, 0);
  EXPECT_NE(health().find("\"status\":\"healthy\""), std::string::npos) << health();
  EXPECT_NE(health().find("\"database\":\"spooling\""), std::string::npos) << health();
  EXPECT_EQ(client().get("/status/probe/history").status, 503) << "a history with a hole";
  postgres_.start();
  // The load goes on, so that the forwarding has to overtake it.
  const auto back = std::chrono::steady_clock::now();
  EXPECT_TRUE(wait_until([&] { return is_forwarded(); }, time_to_forward, 10ms)) << health() << service_.log();
  const auto forwarded = since(back);
  load.stop();
  auto recording = load.finish();
  recording.sent[watched.device_id].push_back({watched, Told::stored});
  figures.at_least("acknowledged a second meanwhile", rate, std::size_t{posts_per_second} * 95 / 100);
  figures.note("waiting at last", spooled);
  figures.exactly("refused", load.refused(), 0);
  figures.at_most<std::chrono::microseconds>("POST p99", recording.of_stores.p99(), post_limit);
  figures.note("slowest POST", recording.of_stores.slowest());
  figures.exactly("failed GETs", gets.failures, 0);
  figures.at_most<std::chrono::microseconds>("GET p99", gets.answers.p99(), 50ms);
  figures.at_most("all forwarded after", forwarded, time_to_forward);
  expect_all_in_postgres(figures, recording);
}

// Worse than gone: connections stay, and nothing answers.
TEST_F(Spooling, acknowledges_everything_while_the_database_is_silent) {
  Figures figures(5, "PostgreSQL silent, with a spool");
  service_.settings()["DATABASE_TIMEOUT"] = "1";
  service_.start();
  RecordedLoad load(service_.port(), "silent", seed_, {.clients = 32});
  EXPECT_TRUE(wait_until([&] { return load.stored() > 2000; }, 20s, 1ms));
  postgres_.pause();
  EXPECT_TRUE(wait_until([&] { return waiting() > 2000; }, 10s, 1ms)) << health() << service_.log();
  postgres_.resume();
  EXPECT_TRUE(wait_until([&] { return is_forwarded(); }, time_to_forward, 10ms)) << health() << service_.log();
  load.stop();
  const auto recording = load.finish();
  figures.exactly("refused", load.refused(), 0);
  expect_all_in_postgres(figures, recording);
}

TEST_F(Spooling, survives_kills_while_the_database_is_away) {
  Figures figures(5, "killed twice while PostgreSQL is away, with a spool");
  service_.start();
  Recording recording;
  std::size_t refused = 0;
  const auto load_until_killed = [&](const char* name) {
    RecordedLoad load(service_.port(), name, seed_, {.clients = 8, .requests_between_reads = 0});
    EXPECT_TRUE(wait_until([&] { return load.stored() > 500; }, 20s, 1ms)) << service_.log();
    service_.kill_hard();
    add(recording, load.finish());
    refused += load.refused();
  };
  load_until_killed("with");
  postgres_.stop();
  // It has its spool, and takes updates before it has seen its database again.
  for (const char* name : {"without", "without-again"}) {
    service_.start_unready();
    const Report first{.device_id = std::string("first-") + name};
    EXPECT_TRUE(wait_until([&] { return client().post("/status", first.json()).status == 200; }, 5s, 1ms))
        << service_.log();
    recording.sent[first.device_id].push_back({first, Told::stored});
    EXPECT_EQ(client().get("/health/ready").status, 503);
    EXPECT_EQ(client().get("/status/" + first.device_id).status, 503) << "the latest map is not complete";
    load_until_killed(name);
  }
  service_.start_unready();
  postgres_.start();
  ASSERT_TRUE(service_.wait_until_ready());
  EXPECT_TRUE(wait_until([&] { return is_forwarded(); }, time_to_forward, 10ms)) << health();
  figures.exactly("refused", refused, 0);
  expect_all_in_postgres(figures, recording);
}

TEST_F(Spooling, is_bounded) {
  Figures figures(5, "a spool full at 1 MB");
  service_.settings()["SPOOL_MAX_BYTES"] = "1048576";
  service_.start();
  postgres_.stop();
  RecordedLoad load(service_.port(), "bounded", seed_, {.clients = 32});
  EXPECT_TRUE(wait_until([&] { return load.refused() > 100; }, 60s, 5ms)) << health();
  EXPECT_NE(health().find("\"status\":\"unhealthy\""), std::string::npos) << health();
  const auto stored = load.stored();
  postgres_.start();
  EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 500; }, 20s, 1ms)) << health() << service_.log();
  load.stop();
  const auto recording = load.finish();
  figures.at_least("refused while full", recording.of_refusals.count(), 100);
  expect_all_in_postgres(figures, recording);
}

TEST_F(Spooling, loses_nothing_by_a_stop_without_the_database) {
  Figures figures(5, "SIGTERM while PostgreSQL is away, with a spool");
  service_.start();
  RecordedLoad load(service_.port(), "stopped", seed_, {.clients = 8});
  EXPECT_TRUE(wait_until([&] { return load.stored() > 500; }, 20s, 1ms));
  postgres_.stop();
  const auto stored = load.stored();
  EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 500; }, 20s, 1ms));
  EXPECT_EQ(service_.terminate(), 0) << service_.log();
  const auto recording = load.finish();
  figures.exactly("refused", load.refused(), 0);
  postgres_.start();
  service_.start();
  expect_all_in_postgres(figures, recording);
}

}  // namespace
}  // namespace ubiety::test
