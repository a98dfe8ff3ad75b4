// A removal that was answered lasts: through kill -9 at any moment, merges, and reports that come late.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "support/http_client.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/report.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

std::string device(int number) { return "removed-" + std::to_string(number); }

Report old_report(int number, int minute = 0) {
  return {.device_id = device(number), .timestamp = "2025-06-09T14:" + std::to_string(10 + minute) + ":00Z"};
}

class RemovalLasts : public ::testing::TestWithParam<StoreKind> {
 protected:
  // With a TAIL_MEMORY of 0 everything is merged at once, with the other nothing is.
  void start(bool merges) {
    service_.settings()["TAIL_MEMORY"] = merges ? "0" : "67108864";
    service_.start();
    client_.emplace(service_.port());
  }
  void post(const Report& report) { EXPECT_EQ(client_->post("/status", report.json()).status, 200); }
  int remove(int number) { return client_->request("DELETE", "/status/" + device(number)).status; }
  int status_of(int number) { return client_->get("/status/" + device(number)).status; }
  std::int64_t devices() { return Json(client_->get("/status/summary").body)["total_devices"].integer(); }
  void wait_until_merged() {
    ASSERT_TRUE(wait_until([&] { return scrape(service_.port()).at("ubiety_tail_updates") == 0; }, 10s));
  }

  ServiceProcess service_{with_new_database(GetParam())};
  std::optional<HttpClient> client_;
};
UBIETY_WITH_EACH_STORE(RemovalLasts);

TEST_P(RemovalLasts, after_a_crash_whether_merged_or_not) {
  start(true);
  for (int i = 0; i < 10; ++i) post(old_report(i));
  wait_until_merged();
  service_.kill_hard();
  start(false);
  for (int i = 0; i < 20; ++i) post(old_report(i, 1));
  for (int i = 0; i < 20; i += 2) EXPECT_EQ(remove(i), 204);
  for (int lives = 0; lives < 3; ++lives) {
    service_.kill_hard();
    start(lives == 1);
    EXPECT_EQ(devices(), 10);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(status_of(i), i % 2 == 0 ? 404 : 200) << i;
    for (int i = 0; i < 20; i += 2) post(old_report(i, 2));
    EXPECT_EQ(devices(), 10) << "old reports do not bring a device back";
  }
  EXPECT_EQ(run_ubietyd({"verify"}, service_.settings(), service_.folder()).status.code, 0);
}

TEST_P(RemovalLasts, when_the_device_came_back) {
  start(true);
  post(old_report(1));
  wait_until_merged();
  EXPECT_EQ(remove(1), 204);
  const Report newer{.device_id = device(1), .timestamp = utc_text(std::chrono::system_clock::now() + 1s)};
  post(newer);
  const auto expect_one = [&] {
    const Json page(client_->get("/status/" + device(1) + "/history").body);
    EXPECT_EQ(page["total_records"].integer(), 1);
    ASSERT_EQ(page["history"].size(), 1U);
    EXPECT_EQ(page["history"][0]["timestamp"].text(), newer.timestamp);
  };
  expect_one();
  for (const bool merges : {false, true, false}) {
    service_.kill_hard();
    start(merges);
    expect_one();
    post(old_report(1, 3));
    if (merges) wait_until_merged();
    expect_one();
  }
}

// The client that is answered 204 finds the device gone, whatever the others found.
TEST_P(RemovalLasts, when_the_service_is_killed_meanwhile) {
  constexpr int devices = 60;
  std::set<int> removed, unknown;
  start(false);
  for (int i = 0; i < devices; ++i) post(old_report(i));
  for (int i = 0; i < devices; ++i) {
    if (i % 6 != 0) {
      EXPECT_EQ(remove(i), 204);
      removed.insert(i);
      continue;
    }
    unknown.insert(i);
    client_->send_raw(format_request("a", "DELETE", "/status/" + device(i), {}, ""));
    wait_until_moment(std::chrono::steady_clock::now() + std::chrono::microseconds(300 * (i / 6)));
    service_.kill_hard();
    start(i % 4 == 0);
    for (const auto gone : removed) ASSERT_EQ(status_of(gone), 404) << gone;
  }
  for (const auto device : unknown) {
    const auto status = remove(device);
    EXPECT_TRUE(status == 204 || status == 404) << status;
  }
  EXPECT_EQ(this->devices(), 0);
}

TEST_P(RemovalLasts, of_many_while_reports_arrive_and_merges_run) {
  constexpr int count = 3'000;
  start(true);
  std::string batch;
  for (int i = 0; i < count; ++i) batch += old_report(i).json() + "\n";
  const Headers lines{{"Content-Type", "application/x-ndjson"}};
  EXPECT_EQ(client_->request("POST", "/status/batch", lines, batch).status, 200);
  std::jthread reporter([&](const std::stop_token& stopping) {
    HttpClient client(service_.port());
    for (int i = 0; !stopping.stop_requested(); ++i) {
      EXPECT_EQ(client.post("/status", old_report(i % count, i % 40).json()).status, 200);
      EXPECT_EQ(client.post("/status", Report{.device_id = "stays"}.json()).status, 200);
    }
  });
  const auto answer =
      client_->request("DELETE", "/status?prefix=removed-&expect=" + std::to_string(count), {}, "").body;
  EXPECT_EQ(answer, R"({"removed":3000})");
  EXPECT_EQ(devices(), 1);
  reporter.request_stop();
  reporter.join();
  EXPECT_EQ(devices(), 1);
  const auto rows = [&](const std::string& table) {
    return execute_in_store_of(service_, "SELECT count(*) FROM " + table + " WHERE device_id <> 'stays'");
  };
  EXPECT_TRUE(wait_until([&] { return rows("device_latest") == "0" && rows("device_history") == "0"; }, 20s));
  service_.kill_hard();
  start(true);
  EXPECT_EQ(devices(), 1);
}

}  // namespace
}  // namespace ubiety::test
