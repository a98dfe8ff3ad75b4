// The latest map and the histories are the same before and after a restart, whatever came in whatever order.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/history_of.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"
#include "support/store_sql.hpp"
#include "support/verification.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

constexpr int device_count = 25;

std::string device(int number) { return "restart-" + std::to_string(number) + "-\xC3\xA9\\."; }

class Restart : public ::testing::TestWithParam<StoreKind> {
 protected:
  // With a TAIL_MEMORY of 0 everything is merged at once, with this one nothing is.
  static constexpr const char *merging = "0", *without_merges = "67108864";

  void start(const char* tail_memory) {
    service_.settings()["TAIL_MEMORY"] = tail_memory;
    service_.start();
  }

  // Few times and few values, so that late, equal and repeated updates abound; some by clocks that are ahead.
  void send_some(int count) {
    const auto now = std::chrono::system_clock::now();
    const std::vector<std::string> times{
        "1970-01-01T00:00:00Z", "2025-06-09T14:00:00Z", "2025-06-09T14:00:00.000001Z", utc_text(now - 200s),
        utc_text(now + 10s),    utc_text(now + 1h),     "2025-07-01T00:00:00.123456Z", utc_text(now + 23h)};
    std::vector<HttpClient> clients;
    for (int i = 0; i < 8; ++i) clients.emplace_back(service_.port());
    while (count > 0) {
      for (auto& client : clients)
        client.send_raw(format_request("a", "POST", "/status", {}, random_report(times).json()));
      for (auto& client : clients) EXPECT_EQ(client.read_response().status, 200);
      count -= static_cast<int>(clients.size());
    }
  }

  // Everything a client can see, byte for byte, but when a device was last heard: a repeated report moves that in
  // memory only.
  std::string observe() {
    HttpClient client(service_.port());
    std::string seen;
    for (int i = 0; i < device_count; ++i) {
      seen += without_last_heard(client.get("/status/" + percent_encode(device(i))).body) + "\n";
      for (const auto& record : history_of(client, device(i))) seen += record + "\n";
    }
    std::vector<std::string> summary;
    for (const auto& entry : Json(client.get("/status/summary").body)["devices"].elements())
      summary.push_back(without_last_heard(entry.dump()));
    std::sort(summary.begin(), summary.end());
    for (const auto& entry : summary) seen += entry + "\n";
    return seen;
  }

  std::size_t merged_devices() {
    return std::stoul(execute_in_store_of(service_, "SELECT count(*) FROM device_latest").value());
  }

  std::mt19937 random_{new_seed()};
  ServiceProcess service_{with_new_database(GetParam())};

 private:
  int below(std::size_t limit) { return std::uniform_int_distribution<>(0, static_cast<int>(limit) - 1)(random_); }

  Report random_report(const std::vector<std::string>& times) {
    return {.device_id = device(below(device_count)),
            .timestamp = times[static_cast<std::size_t>(below(times.size()))],
            .battery_level = below(2),
            .rssi = -below(2),
            .online = below(2) == 0};
  }
};

TEST_P(Restart, shows_the_same_after_a_stop_and_after_a_crash) {
  start(without_merges);
  send_some(400);
  const auto before = observe();
  service_.restart();
  EXPECT_EQ(observe(), before) << "after a stop";
  service_.kill_hard();
  service_.start();
  EXPECT_EQ(observe(), before) << "after a crash";
}

TEST_P(Restart, shows_the_same_from_the_history_and_the_log) {
  start(merging);
  send_some(400);
  ASSERT_TRUE(wait_until([&] { return merged_devices() == device_count; }, 10s));
  service_.kill_hard();
  start(without_merges);
  send_some(200);
  const auto before = observe();
  service_.kill_hard();
  service_.start();
  EXPECT_EQ(observe(), before) << "after a crash";
  service_.restart();
  EXPECT_EQ(observe(), before) << "after a stop";
}

TEST_P(Restart, shows_the_same_many_times_among_updates) {
  for (int round = 0; round < 6; ++round) {
    start(round % 2 == 0 ? merging : without_merges);
    send_some(80);
    const auto before = observe();
    if (round % 3 == 0)
      EXPECT_EQ(service_.terminate(), 0);
    else
      service_.kill_hard();
    service_.start();
    EXPECT_EQ(observe(), before) << "round " << round;
    service_.kill_hard();
  }
}

// The history has the first report, and no memory of it is left: the store is asked.
TEST_P(Restart, takes_nothing_back_for_a_repeat_of_what_is_merged) {
  start(merging);
  const auto post = [&](const std::string& timestamp, int battery_level) {
    const Report report{.device_id = "repeats", .timestamp = timestamp, .battery_level = battery_level};
    EXPECT_EQ(HttpClient(service_.port()).post("/status", report.json()).status, 200);
    return Json(HttpClient(service_.port()).get("/status/repeats").body)["battery_level"].integer();
  };
  const auto ahead = utc_text(std::chrono::system_clock::now() + 10h);
  EXPECT_EQ(post("2025-06-09T14:00:00Z", 1), 1);
  EXPECT_EQ(post("2025-06-09T14:00:00Z", 2), 2);
  ASSERT_TRUE(wait_until([&] { return scrape(service_.port()).at("ubiety_tail_updates") == 0; }, 10s));
  EXPECT_EQ(post("2025-06-09T14:00:00Z", 1), 2);
  service_.restart();
  EXPECT_EQ(post("2025-06-09T14:00:00Z", 1), 2);
  EXPECT_EQ(scrape(service_.port()).at("ubiety_looked_up_updates_total"), 1);
  EXPECT_EQ(post(ahead, 3), 3);
  EXPECT_EQ(post(utc_text(std::chrono::system_clock::now() + 11h), 4), 4);
  ASSERT_TRUE(wait_until([&] { return scrape(service_.port()).at("ubiety_tail_updates") == 0; }, 10s));
  service_.restart();
  EXPECT_EQ(post(ahead, 3), 4);
}

TEST_P(Restart, does_not_make_a_late_update_new) {
  start(without_merges);
  const auto post = [&](const std::string& timestamp, int battery_level) {
    const Report report{.device_id = "late", .timestamp = timestamp, .battery_level = battery_level};
    EXPECT_EQ(HttpClient(service_.port()).post("/status", report.json()).status, 200);
    return Json(HttpClient(service_.port()).get("/status/late").body)["battery_level"].integer();
  };
  EXPECT_EQ(post("2025-06-09T14:00:00Z", 1), 1);
  service_.restart();
  EXPECT_EQ(post("2025-06-09T13:00:00Z", 2), 1);
  EXPECT_EQ(post("2025-06-09T14:00:00Z", 3), 3);
  service_.restart();
  EXPECT_EQ(post("2025-06-09T13:30:00Z", 4), 3);
  // A clock that is ahead holds the latest across a restart as well.
  EXPECT_EQ(post(utc_text(std::chrono::system_clock::now() + 5h), 5), 5);
  service_.restart();
  EXPECT_EQ(post(utc_text(std::chrono::system_clock::now()), 6), 5);
  EXPECT_EQ(post(utc_text(std::chrono::system_clock::now() + 3h), 7), 7);
}

UBIETY_WITH_EACH_STORE(Restart);

}  // namespace
}  // namespace ubiety::test
