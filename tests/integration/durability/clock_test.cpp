// RELIABILITY.md, row 21: the clock of the service's machine jumps, and nothing waits for it, goes back or is lost.
#include <gtest/gtest.h>

#include "domain/timestamp.hpp"
#include "support/http_client.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/postgres_server.hpp"
#include "support/report.hpp"
#include "support/service_process.hpp"
#include "support/shifted_clock.hpp"
#include "support/store_kind.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

constexpr auto three_years = 24h * 365 * 3;

class JumpingClock : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override {
    if (UBIETY_IS_SANITIZED) GTEST_SKIP() << "a sanitizer has to be loaded first";
    for (const auto& [name, value] : clock_.environment()) service_.settings()[name] = value;
  }

  HttpClient client() { return HttpClient(service_.port()); }
  int post(const std::string& device_id, const std::string& timestamp) {
    return client().post("/status", Report{.device_id = device_id, .timestamp = timestamp}.json()).status;
  }
  int battery_of(const std::string& device_id) {
    return static_cast<int>(Json(client().get("/status/" + device_id).body)["battery_level"].integer());
  }
  std::string health() { return client().get("/health").body; }

  // By how many seconds the newest of the device's times of receipt is ahead of the machine's own clock.
  double receipt_ahead_of_clock(const std::string& device_id) {
    const auto received = Json(client().get("/status/" + device_id).body)["last_updated"].text();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<double>(parse_timestamp(received)->microseconds - now / 1us) / 1e6;
  }
  bool is_merged(const std::string& device_id) {
    return execute_in_store_of(service_, "SELECT count(*) FROM device_latest WHERE device_id = '" + device_id + "'") ==
           "1";
  }

  ShiftedClock clock_;
  ServiceProcess service_{with_new_database(GetParam())};
};
UBIETY_WITH_EACH_STORE(JumpingClock);

TEST_P(JumpingClock, updates_are_merged_in_time) {
  service_.settings()["TAIL_MEMORY"] = "0";
  service_.start();
  for (const auto shift : {-20s, 0s, -20s}) {
    const auto device = fresh_device();
    ASSERT_EQ(post(device, "2025-06-09T14:00:00Z"), 200);
    clock_.set_ahead(shift);
    EXPECT_TRUE(wait_until([&] { return is_merged(device); }, 5s)) << shift.count();
  }
}

TEST_P(JumpingClock, a_lingering_batch_is_committed_in_time) {
  service_.settings()["COMMIT_LINGER"] = "50";
  service_.start();
  // Some clients wait for an answer, and others are connected that wait for none: then batches linger.
  const std::vector<HttpClient> idle = [&] {
    std::vector<HttpClient> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(client());
    return clients;
  }();
  std::vector<HttpClient> busy;
  for (int i = 0; i < 8; ++i) busy.push_back(client());
  for (int round = 0; round < 20; ++round) {
    clock_.set_ahead(round % 2 == 0 ? -20s : 0s);
    const auto sent = std::chrono::steady_clock::now();
    for (auto& each : busy)
      each.send_raw(format_request("a", "POST", "/status", {}, Report{.device_id = fresh_device()}.json()));
    for (auto& each : busy) EXPECT_EQ(each.read_response().status, 200);
    EXPECT_LT(std::chrono::steady_clock::now() - sent, 3s);
  }
}

TEST_P(JumpingClock, times_of_receipt_follow_the_clock_back) {
  service_.settings()["TAIL_MEMORY"] = "0";
  service_.start();
  EXPECT_EQ(health().find("problems"), std::string::npos) << health();
  clock_.set_ahead(three_years);
  ASSERT_EQ(post("early", "2025-06-09T14:00:00Z"), 200);
  ASSERT_TRUE(wait_until([&] { return is_merged("early"); }, 5s));
  clock_.set_ahead(0s);
  ASSERT_EQ(post("right", "2025-06-09T14:00:00Z"), 200);
  EXPECT_GT(receipt_ahead_of_clock("early"), 90'000'000.0);
  EXPECT_LT(receipt_ahead_of_clock("right"), 1.0);
  EXPECT_NE(health().find("\"problems\":[\"clock_behind\"]"), std::string::npos) << health();
  EXPECT_NE(service_.log().find("times of receipt step back"), std::string::npos) << service_.log();
  const auto metrics = scrape(service_.port());
  EXPECT_EQ(metrics.at("ubiety_clock_steps_back_total"), 1);
  EXPECT_GT(metrics.at("ubiety_clock_behind_seconds"), 90'000'000);
}

// Updates with times of receipt that lie years ahead are in the store; what is received after them, with earlier times,
// must be found.
TEST_P(JumpingClock, nothing_is_missing_after_a_restart) {
  service_.settings()["TAIL_MEMORY"] = "0";
  clock_.set_ahead(three_years);  // from its start on the service believes it
  service_.start();
  ASSERT_EQ(post("early", "2025-06-09T14:00:00Z"), 200);
  service_.restart();
  clock_.set_ahead(0s);
  EXPECT_TRUE(wait_until([&] { return post("right", utc_text(std::chrono::system_clock::now())) == 200; }, 5s));
  EXPECT_TRUE(wait_until(
      [&] {
        const auto device = fresh_device();
        return post(device, "2025-06-09T14:00:00Z") == 200 && receipt_ahead_of_clock(device) < 1.0;
      },
      5s))
      << service_.log();
  ASSERT_EQ(post("last", "2025-06-09T14:00:00Z"), 200);
  service_.kill_hard();
  service_.start();
  for (const auto* device : {"early", "right", "last"}) EXPECT_EQ(battery_of(device), 76) << device;
  const auto device = fresh_device();
  ASSERT_EQ(post(device, "2025-06-09T14:00:00Z"), 200);
  EXPECT_LT(receipt_ahead_of_clock(device), 1.0);
}

// The store comes back when it is back, and what waits in the spool goes to it.
TEST(JumpingClockAndSpool, the_store_is_back_in_time) {
  if (UBIETY_IS_SANITIZED) GTEST_SKIP() << "a sanitizer has to be loaded first";
  PostgresServer postgres;
  postgres.start();
  const ShiftedClock clock;
  ServiceProcess service(clock.environment());
  service.settings()["DATABASE_URL"] = postgres.url();
  service.settings()["SPOOL_PATH"] = (service.folder() / "spool.db").string();
  service.start();
  const auto says = [&](std::string_view text) {
    return HttpClient(service.port()).get("/health").body.find(text) != std::string::npos;
  };
  for (const auto shift : {-20s, -40s}) {
    postgres.stop();
    ASSERT_TRUE(wait_until([&] { return says("\"database\":\"spooling\""); }, 5s));
    ASSERT_EQ(HttpClient(service.port()).post("/status", Report{.device_id = fresh_device()}.json()).status, 200);
    clock.set_ahead(shift);
    postgres.start();
    EXPECT_TRUE(wait_until([&] { return says("\"database\":\"connected\""); }, 5s)) << service.log();
  }
}

}  // namespace
}  // namespace ubiety::test
