#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class Latest : public EachStore {};
class LatestTarget : public ServiceTest {};

TEST_P(Latest, is_what_was_sent_last) {
  const auto device = fresh_device();
  const auto before = utc_text(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  accept({.device_id = device, .timestamp = "2025-06-09T14:00:00Z", .battery_level = 76, .rssi = -60, .online = true});
  const auto after = utc_text(std::chrono::system_clock::now());

  const auto response = client_.get("/status/" + device);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  const auto received = Json(response.body)["last_updated"].text();
  EXPECT_EQ(response.body, "{\"device_id\":\"" + device +
                               "\",\"timestamp\":\"2025-06-09T14:00:00Z\",\"battery_level\":76,\"rssi\":-60,"
                               "\"online\":true,\"last_updated\":\"" +
                               received + "\",\"last_heard\":\"" + received +
                               "\",\"stale\":false,\"group\":null,\"usual_seconds\":null,\"due\":\"" +
                               Json(response.body)["due"].text() +
                               "\",\"problems\":[],\"muted\":null,\"outage\":false}");
  EXPECT_GE(received.substr(0, 19), before.substr(0, 19));
  EXPECT_LE(received.substr(0, 19), after.substr(0, 19));

  accept(
      {.device_id = device, .timestamp = "2025-06-09T14:30:00.25Z", .battery_level = 0, .rssi = 20, .online = false});
  const Json newer(latest(device));
  EXPECT_EQ(newer["timestamp"].text(), "2025-06-09T14:30:00.25Z");
  EXPECT_EQ(newer["battery_level"].integer(), 0);
  EXPECT_EQ(newer["rssi"].integer(), 20);
  EXPECT_FALSE(newer["online"].boolean());
}

UBIETY_WITH_EACH_STORE(Latest);

TEST_F(LatestTarget, is_not_found_for_a_device_never_seen) {
  const auto response = client_.get("/status/sensor-xyz-999");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.body, R"({"detail":"Device sensor-xyz-999 not found"})");
}

TEST_F(LatestTarget, names_the_device_as_json_must) {
  EXPECT_EQ(client_.get("/status/a%22b%5Cc").body, R"({"detail":"Device a\"b\\c not found"})");
  EXPECT_EQ(client_.get("/status/a%2Fb%20c").body, R"({"detail":"Device a/b c not found"})");
  EXPECT_EQ(client_.get("/status/a+b").body, R"({"detail":"Device a+b not found"})");
  EXPECT_EQ(client_.get("/status/%F0%9F%8C%A1").body, "{\"detail\":\"Device \xF0\x9F\x8C\xA1 not found\"}");
}

TEST_F(LatestTarget, is_percent_decoded_once) {
  const auto device = fresh_device("a/b%41 c+d");
  EXPECT_EQ(client_.post("/status", Report{.device_id = device}.json()).status, 200);
  EXPECT_EQ(client_.get("/status/" + percent_encode(device)).status, 200);
  EXPECT_EQ(client_.get("/status/a%2fb%2541%20c+d" + device.substr(10)).status, 200);
  EXPECT_EQ(client_.get("/status/a%2Fb%41%20c+d" + device.substr(10)).status, 404);
  EXPECT_EQ(client_.get("/status/%61%2Fb%2541%20c%2Bd" + device.substr(10)).status, 200);
}

TEST_F(LatestTarget, is_refused_with_a_bad_escape) {
  for (const char* id : {"%", "a%", "a%4", "%zz", "%4g", "a%%41", "%u0041", "%-1"}) {
    SCOPED_TRACE(id);
    const auto response = client_.get(std::string("/status/") + id);
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(Json(response.body).contains("detail"));
  }
}

TEST_F(LatestTarget, is_refused_when_it_is_not_utf8) {
  for (const char* id : {"%FF", "%C0%80", "%ED%A0%80"}) {
    SCOPED_TRACE(id);
    const auto response = client_.get(std::string("/status/") + id);
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(Json(response.body).contains("detail"));
  }
}

TEST_F(LatestTarget, is_not_found_when_no_device_can_have_it) {
  for (const char* id : {"%00", "a%0Ab", "%0D%0A", "%1B%5B31m", "%7F"}) {
    SCOPED_TRACE(id);
    const auto response = client_.get(std::string("/status/") + id);
    EXPECT_EQ(response.status, 404);
    EXPECT_TRUE(Json(response.body).contains("detail"));
  }
  EXPECT_EQ(client_.get("/status/" + std::string(300, 'x')).status, 404);
}

TEST_F(LatestTarget, may_be_absolute_and_have_a_query) {
  const auto device = fresh_device();
  EXPECT_EQ(client_.post("/status", Report{.device_id = device}.json()).status, 200);
  EXPECT_EQ(client_.get("/status/" + device + "?a=b").status, 200);
  EXPECT_EQ(client_.get("http://127.0.0.1:" + std::to_string(service_.port()) + "/status/" + device).status, 200);
}

}  // namespace
}  // namespace ubiety::test
