// Which update is the latest: by min(timestamp, received + MAX_CLOCK_SKEW), then by received.
#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class Newer : public EachStore {
 protected:
  std::int64_t latest_battery(const std::string& device) { return Json(latest(device))["battery_level"].integer(); }
  std::string battery_levels(const std::string& device) {
    std::string levels;
    for (const auto& record : Json(history(device))["history"].elements())
      levels += std::to_string(record["battery_level"].integer()) + " ";
    return levels;
  }
  static std::string from_now(std::chrono::seconds ahead) { return utc_text(std::chrono::system_clock::now() + ahead); }
};

TEST_P(Newer, a_late_update_goes_to_history_only) {
  const auto device = fresh_device("late");
  accept({.device_id = device, .timestamp = "2025-06-09T14:00:00Z", .battery_level = 1});
  const auto before = latest(device);
  accept({.device_id = device, .timestamp = "2025-06-09T13:59:59.999999Z", .battery_level = 2});
  accept({.device_id = device, .timestamp = "1970-01-01T00:00:00Z", .battery_level = 3});
  EXPECT_EQ(without_last_heard(latest(device)), without_last_heard(before));
  EXPECT_GT(Json(latest(device))["last_heard"].text(), Json(before)["last_heard"].text());
  EXPECT_EQ(battery_levels(device), "1 2 3 ");
}

TEST_P(Newer, an_equal_timestamp_with_other_values_is_another_update) {
  const auto device = fresh_device("equal");
  for (int battery_level : {5, 9, 1, 7}) accept({.device_id = device, .battery_level = battery_level});
  accept({.device_id = device, .battery_level = 7, .rssi = -61});
  accept({.device_id = device, .battery_level = 7, .rssi = -61, .online = false});
  EXPECT_EQ(battery_levels(device), "7 7 7 1 9 5 ");
  EXPECT_FALSE(Json(latest(device))["online"].boolean());
}

TEST_P(Newer, the_same_update_again_is_kept_once) {
  const Report report{.device_id = fresh_device("same")};
  for (int i = 0; i < 5; ++i) accept(report);
  EXPECT_EQ(history(report.device_id), "{\"device_id\":\"" + report.device_id + "\",\"history\":[" +
                                           report.history_record() + "],\"total_records\":1,\"has_more\":false}");
}

TEST_P(Newer, the_same_instant_written_otherwise_is_the_same_update) {
  const auto device = fresh_device("same");
  for (const char* timestamp : {"2025-06-09T14:00:00Z", "2025-06-09T16:00:00.000+02:00", "2025-06-09 14:00:00.0000001"})
    accept({.device_id = device, .timestamp = timestamp});
  EXPECT_EQ(Json(history(device))["total_records"].integer(), 1);
}

TEST_P(Newer, the_same_update_many_times_at_once_is_kept_once) {
  const Report report{.device_id = fresh_device("same")};
  std::string together;
  for (int i = 0; i < 50; ++i) together += format_request("a", "POST", "/status", {}, report.json());
  client_.send_raw(together);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client_.read_response().status, 200);
  EXPECT_EQ(Json(history(report.device_id))["total_records"].integer(), 1);
}

// A device with a clock of whole seconds changes twice in one of them, and repeats the first report, which got no
// answer.
TEST_P(Newer, a_repeat_takes_nothing_back) {
  const auto device = fresh_device("repeat");
  for (int battery_level : {1, 2, 1}) accept({.device_id = device, .battery_level = battery_level});
  EXPECT_EQ(latest_battery(device), 2);
  EXPECT_EQ(battery_levels(device), "2 1 ");
}

TEST_P(Newer, a_repeat_from_a_clock_that_ran_ahead_takes_nothing_back) {
  const auto device = fresh_device("ahead");
  const auto ahead = from_now(10h), further = from_now(12h);
  accept({.device_id = device, .timestamp = ahead, .battery_level = 1});
  accept({.device_id = device, .timestamp = further, .battery_level = 2});
  ASSERT_EQ(latest_battery(device), 2);
  accept({.device_id = device, .timestamp = ahead, .battery_level = 1});
  EXPECT_EQ(latest_battery(device), 2);
}

TEST_P(Newer, a_repeat_of_a_late_one_stays_late) {
  const auto device = fresh_device("repeat");
  accept({.device_id = device, .timestamp = "2025-06-09T14:00:00Z", .battery_level = 1});
  for (int i = 0; i < 2; ++i) accept({.device_id = device, .timestamp = "2025-06-09T13:00:00Z", .battery_level = 2});
  EXPECT_EQ(latest_battery(device), 1);
  EXPECT_EQ(battery_levels(device), "1 2 ");
}

TEST_P(Newer, a_clock_gone_wrong_holds_the_latest_for_now) {
  const auto device = fresh_device("skew");
  accept({.device_id = device, .timestamp = from_now(10h), .battery_level = 1});
  accept({.device_id = device, .timestamp = from_now(0s), .battery_level = 2});
  EXPECT_EQ(latest_battery(device), 1);
  // Beyond the skew the device's clock no longer says which is newer: what came last does.
  accept({.device_id = device, .timestamp = from_now(5h), .battery_level = 3});
  EXPECT_EQ(latest_battery(device), 3);
  EXPECT_EQ(battery_levels(device), "1 3 2 ");
}

UBIETY_WITH_EACH_STORE(Newer);

TEST(ClockSkew, is_over_after_MAX_CLOCK_SKEW) {
  ServiceProcess service(Environment{{"MAX_CLOCK_SKEW", "1"}});
  service.start();
  HttpClient client(service.port());
  const auto post = [&](std::chrono::seconds ahead, int battery_level) {
    const auto timestamp = utc_text(std::chrono::system_clock::now() + ahead);
    const Report report{.device_id = "skew", .timestamp = timestamp, .battery_level = battery_level};
    EXPECT_EQ(client.post("/status", report.json()).status, 200);
    return Json(client.get("/status/skew").body)["battery_level"].integer();
  };
  EXPECT_EQ(post(10h, 1), 1);
  EXPECT_EQ(post(0s, 2), 1);
  EXPECT_TRUE(wait_until([&] { return post(0s, 3) == 3; }, 5s, 50ms));
}

}  // namespace
}  // namespace ubiety::test
