#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class History : public EachStore {
 protected:
  // Reports with these battery levels at 14:00:00, 14:00:01, …, sent in a mixed order.
  std::string device_with(int count) {
    const auto device = fresh_device("past");
    for (int i = 0; i < count; ++i) {
      const int second = i * 7 % count;
      accept({.device_id = device, .timestamp = at(second), .battery_level = second});
    }
    return device;
  }
  static std::string at(int second) {
    return "2025-06-09T14:00:" + std::string(second < 10 ? "0" : "") + std::to_string(second) + "Z";
  }
  std::string battery_levels(const std::string& device, const std::string& query) {
    std::string levels;
    for (const auto& record : Json(history(device, query))["history"].elements())
      levels += std::to_string(record["battery_level"].integer()) + " ";
    return levels;
  }
};

TEST_P(History, is_newest_first_byte_for_byte) {
  const auto device = fresh_device("past");
  const Report first{.device_id = device, .timestamp = "2025-06-09T13:30:00Z", .battery_level = 78, .rssi = -58};
  const Report second{.device_id = device, .timestamp = "2025-06-09T14:00:00.5Z", .online = false};
  accept(second);
  accept(first);
  const auto response = client_.get("/status/" + device + "/history");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.count("Link"), 0u);
  EXPECT_EQ(response.body, "{\"device_id\":\"" + device + "\",\"history\":[" + second.history_record() + "," +
                               first.history_record() + "],\"total_records\":2,\"has_more\":false}");
}

TEST_P(History, is_not_found_for_a_device_never_seen) {
  for (const char* query : {"", "?limit=5", "?since=2025-06-09T14:00:00Z"}) {
    const auto response = client_.get(std::string("/status/nobody%20%22here%22/history") + query);
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.body, R"({"detail":"Device nobody \"here\" not found"})");
  }
}

TEST_P(History, reaches_from_odd_clocks_to_tomorrow) {
  const auto device = fresh_device("past");
  const auto tomorrow = utc_text(std::chrono::system_clock::now() + std::chrono::hours{23});
  const std::vector<std::string> newest_first{tomorrow,
                                              utc_text(std::chrono::system_clock::now() - std::chrono::hours{1}),
                                              "2025-07-01T00:00:00Z",
                                              "2025-06-30T23:59:59.999999Z",
                                              "2025-06-09T14:00:00Z",
                                              "2024-12-31T23:59:59Z",
                                              "1970-01-01T00:00:00Z",
                                              "1969-12-31T23:59:59Z",
                                              "0001-06-09T14:00:00Z",
                                              "0000-06-09T14:00:00Z"};
  for (std::size_t i = 0; i < newest_first.size(); ++i)
    accept({.device_id = device, .timestamp = newest_first[i * 3 % newest_first.size()]});
  std::vector<std::string> shown;
  for (const auto& record : Json(history(device))["history"].elements()) shown.push_back(record["timestamp"].text());
  EXPECT_EQ(shown, newest_first);
}

TEST_P(History, has_as_many_as_the_limit_and_fifty_without) {
  const auto device = device_with(59);
  const Json all(history(device));
  EXPECT_EQ(all["history"].size(), 50u);
  EXPECT_EQ(all["total_records"].integer(), 59);
  EXPECT_TRUE(all["has_more"].boolean());

  const Json some(history(device, "?limit=3"));
  EXPECT_EQ(some["history"].size(), 3u);
  EXPECT_EQ(some["total_records"].integer(), 59);
  EXPECT_TRUE(some["has_more"].boolean());

  const Json exactly(history(device, "?limit=59"));
  EXPECT_EQ(exactly["history"].size(), 59u);
  EXPECT_FALSE(exactly["has_more"].boolean());
  EXPECT_EQ(Json(history(device, "?limit=1000"))["history"].size(), 59u);
}

TEST_P(History, since_and_before_are_exclusive) {
  const auto device = device_with(6);
  EXPECT_EQ(battery_levels(device, "?since=" + at(2)), "5 4 3 ");
  EXPECT_EQ(battery_levels(device, "?before=" + at(2)), "1 0 ");
  EXPECT_EQ(battery_levels(device, "?since=" + at(1) + "&before=" + at(4)), "3 2 ");
  EXPECT_EQ(battery_levels(device, "?since=2025-06-09T14:00:01.999999Z"), "5 4 3 2 ");
  EXPECT_EQ(battery_levels(device, "?before=2025-06-09T14:00:02.000001Z"), "2 1 0 ");
  EXPECT_EQ(battery_levels(device, "?since=" + at(5)), "");
  EXPECT_EQ(battery_levels(device, "?since=" + at(4) + "&before=" + at(2)), "");
}

TEST_P(History, total_records_counts_all_that_match) {
  const auto device = device_with(6);
  const Json since(history(device, "?limit=2&since=" + at(1)));
  EXPECT_EQ(since["total_records"].integer(), 4);
  EXPECT_TRUE(since["has_more"].boolean());
  const Json none(history(device, "?since=" + at(5)));
  EXPECT_EQ(none.dump(), "{\"device_id\":\"" + device + "\",\"history\":[],\"total_records\":0,\"has_more\":false}");
}

TEST_P(History, takes_every_form_of_time) {
  const auto device = device_with(6);
  // An unescaped + arrives as a space, and is read as + all the same.
  for (const char* time : {"2025-06-09T14:00:02Z", "2025-06-09t14:00:02.000z", "2025-06-09T14:00:02",
                           "2025-06-09T16:00:02%2B02:00", "2025-06-09T16:00:02+02:00", "2025-06-09T16:00:02%2002:00",
                           "2025-06-09T13%3A00%3A02-01:00", "2025-06-09T14:00:02+00:00"}) {
    SCOPED_TRACE(time);
    EXPECT_EQ(battery_levels(device, std::string("?since=") + time), "5 4 3 ");
    EXPECT_EQ(battery_levels(device, std::string("?before=") + time), "1 0 ");
  }
}

TEST_P(History, ignores_parameters_it_does_not_know) {
  const auto device = device_with(2);
  EXPECT_EQ(battery_levels(device, "?color=red&limit=1&=&x"), "1 ");
  EXPECT_EQ(battery_levels(device, "?"), "1 0 ");
}

UBIETY_WITH_EACH_STORE(History);

}  // namespace
}  // namespace ubiety::test
