// RELIABILITY.md, row 17: two processes on one store. The second waits for the first, says so, and has everything that
// was acknowledged when it takes over.
#include <gmock/gmock.h>
#include <signal.h>

#include "support/http_client.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/postgres_server.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"
#include "support/temporary_directory.hpp"
#include "support/time_limit.hpp"
#include "support/verification.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr auto take_over_limit = 5s;

class TwoNodes : public ::testing::TestWithParam<StoreKind> {
 protected:
  TwoNodes() {
    auto settings = with_new_database(GetParam());
    if (settings.empty()) settings["DATABASE_URL"] = "sqlite:///" + (folder_.path() / "shared.db").string();
    settings["TAIL_MEMORY"] = "0";
    for (auto* node : {&first_, &second_})
      for (const auto& [name, value] : settings) node->settings()[name] = value;
  }

  static Json health(ServiceProcess& node) { return Json(HttpClient(node.port()).get("/health").body); }
  static bool stands_by(ServiceProcess& node) { return health(node)["status"].text() == "standby"; }
  static bool serves(ServiceProcess& node) { return HttpClient(node.port()).get("/health/ready").status == 200; }

  static int post(ServiceProcess& node, const Report& report) {
    return HttpClient(node.port()).post("/status", report.json()).status;
  }

  static void start_as_standby(ServiceProcess& node) {
    node.start_unready();
    ASSERT_TRUE(wait_until([&] { return stands_by(node); }, 10s)) << node.log();
  }

  static void expect_take_over(ServiceProcess& node) {
    EXPECT_TRUE(wait_until([&] { return serves(node); }, take_over_limit)) << node.log();
  }

  // Some acknowledged updates of devices of their own.
  Recording load(ServiceProcess& node, const std::string& name, std::size_t at_least = 200) {
    RecordedLoad load(node.port(), name, new_seed(), {.clients = 4, .requests_between_reads = 0});
    EXPECT_TRUE(wait_until([&] { return load.stored() >= at_least; }, 20s, 1ms)) << node.log();
    load.stop();
    return load.finish();
  }

  // Latest statuses against the history, by the command of that name.
  void expect_verified(ServiceProcess& node) {
    const auto verified = run_ubietyd({"verify", "--url", "http://127.0.0.1:" + std::to_string(node.port())},
                                      node.settings(), node.folder());
    EXPECT_EQ(verified.status.code, 0) << verified.output << verified.error;
  }

  TemporaryDirectory folder_;
  ServiceProcess first_, second_;
};
UBIETY_WITH_EACH_STORE(TwoNodes);

TEST_P(TwoNodes, the_second_waits_and_says_for_whom) {
  first_.start();
  EXPECT_EQ(post(first_, {.device_id = "sensor"}), 200);
  start_as_standby(second_);
  const auto waiting = health(second_);
  EXPECT_EQ(waiting["owner"]["pid"].integer(), first_.pid());
  EXPECT_FALSE(waiting["owner"]["host"].text().empty());
  EXPECT_THAT(waiting["owner"]["since"].text(), HasSubstr("T"));
  const auto waits_for = "owner=\"process " + std::to_string(first_.pid());
  EXPECT_TRUE(wait_until([&] { return second_.log().find(waits_for) != std::string::npos; }, 5s)) << second_.log();

  HttpClient client(second_.port());
  for (const auto* target :
       {"/health", "/health/ready", "/status/sensor", "/status/summary", "/status/sensor/history"}) {
    const auto refused = client.get(target);
    EXPECT_EQ(refused.status, 503) << target;
  }
  const auto refused = client.post("/status", Report{.device_id = "sensor"}.json());
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.header("Retry-After"), "");
  EXPECT_THAT(refused.body, HasSubstr("standby"));
  for (const auto* target : {"/health/live", "/docs", "/openapi.json", "/metrics"})
    EXPECT_EQ(client.get(target).status, 200) << target;
  EXPECT_EQ(scrape(second_.port()).at("ubiety_standby"), 1);
  EXPECT_EQ(scrape(second_.port()).at("ubiety_owner"), 0);
  EXPECT_EQ(scrape(first_.port()).at("ubiety_owner"), 1);
  EXPECT_EQ(post(first_, {.device_id = "sensor", .battery_level = 5}), 200) << "the first serves on";
}

TEST_P(TwoNodes, the_second_takes_over_when_the_first_is_killed) {
  first_.start();
  start_as_standby(second_);
  RecordedLoad load(first_.port(), "killed", new_seed(), {.clients = 8});
  EXPECT_TRUE(wait_until([&] { return load.stored() > 500; }, 20s, 1ms)) << first_.log();
  first_.kill_hard();
  expect_take_over(second_);
  verify(second_.port(), load.finish());
  verify(second_.port(), this->load(second_, "afterwards"));
}

TEST_P(TwoNodes, a_rolling_update_loses_nothing) {
  first_.start();
  start_as_standby(second_);
  RecordedLoad load(first_.port(), "rolled", new_seed(), {.clients = 8});
  EXPECT_TRUE(wait_until([&] { return load.stored() > 500; }, 20s, 1ms)) << first_.log();
  EXPECT_EQ(first_.terminate(), 0) << first_.log();
  expect_take_over(second_);
  verify(second_.port(), load.finish());
}

TEST_P(TwoNodes, an_owner_that_is_stopped_stays_the_owner_until_it_is_killed) {
  first_.start();
  const auto recording = load(first_, "stopped");
  start_as_standby(second_);
  first_.process().send_signal(SIGSTOP);
  EXPECT_FALSE(wait_until([&] { return serves(second_); }, 2s));
  first_.kill_hard();
  expect_take_over(second_);
  verify(second_.port(), recording);
}

// As two processes did for good before there was an owner: the latest statuses of one overwrote the newer ones of the
// other.
TEST_P(TwoNodes, leave_no_wrong_status_in_turn) {
  auto* serving = &first_;
  auto* waiting = &second_;
  serving->start();
  for (int round = 0; round < 6; ++round) {
    start_as_standby(*waiting);
    load(*serving, "turn");
    if (round % 2 == 0)
      serving->kill_hard();
    else
      EXPECT_EQ(serving->terminate(), 0);
    expect_take_over(*waiting);
    std::swap(serving, waiting);
  }
  EXPECT_EQ(serving->terminate(), 0);
  waiting->start();
  expect_verified(*waiting);
}

class TwoNodesOfPostgres : public TwoNodes {};
INSTANTIATE_TEST_SUITE_P(Stores, TwoNodesOfPostgres, ::testing::Values(StoreKind::postgresql),
                         ::testing::PrintToStringParamName());

// Of different databases, so that nothing but the spool keeps the second one waiting.
TEST_P(TwoNodesOfPostgres, a_shared_spool_is_one_process_s) {
  for (auto* node : {&first_, &second_}) node->settings()["SPOOL_PATH"] = (folder_.path() / "spool.db").string();
  second_.settings()["DATABASE_URL"] = with_new_database(GetParam()).at("DATABASE_URL");
  first_.start();
  start_as_standby(second_);
  EXPECT_EQ(health(second_)["owner"]["pid"].integer(), first_.pid());
  EXPECT_EQ(first_.terminate(), 0);
  expect_take_over(second_);
}

}  // namespace
}  // namespace ubiety::test
