// Histories in buckets, on both stores.
#include <gtest/gtest.h>

#include "integration/http/faults.hpp"
#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class HistoryBuckets : public EachStore {
 protected:
  HistoryBuckets() {
    accept({.device_id = device_, .timestamp = "2025-06-09T14:00:00Z", .battery_level = 80, .rssi = -60});
    accept({.device_id = device_, .timestamp = "2025-06-09T14:59:59.999999Z", .battery_level = 71, .rssi = -70});
    accept(
        {.device_id = device_, .timestamp = "2025-06-09T14:30:00Z", .battery_level = 75, .rssi = -61, .online = false});
    accept(
        {.device_id = device_, .timestamp = "2025-06-09T14:30:00Z", .battery_level = 75, .rssi = -61, .online = false});
    accept({.device_id = device_, .timestamp = "2025-06-09T16:59:59Z", .battery_level = 10, .rssi = 20});
    for (const auto* outside : {"2025-06-09T13:59:59.999999Z", "2025-06-09T17:00:00Z"})
      accept({.device_id = device_, .timestamp = outside, .battery_level = 99, .rssi = -99});
  }

  const std::string device_ = fresh_device("charted");
};
UBIETY_WITH_EACH_STORE(HistoryBuckets);

TEST_P(HistoryBuckets, are_answered_byte_for_byte) {
  EXPECT_EQ(history(device_, "?from=2025-06-09T14:00:00Z&to=2025-06-09T19:00:00%2B02:00&buckets=3"),
            "{\"device_id\":\"" + device_ +
                R"(","from":"2025-06-09T14:00:00Z","to":"2025-06-09T17:00:00Z","bucket_seconds":3600,"buckets":[)"
                R"({"from":"2025-06-09T14:00:00Z","records":3,"battery_level":{"min":71,"max":80,"mean":75.333333},)"
                R"("rssi":{"min":-70,"max":-60,"mean":-63.666667},"online":0.666667},)"
                R"({"from":"2025-06-09T15:00:00Z","records":0,"battery_level":null,"rssi":null,"online":null},)"
                R"({"from":"2025-06-09T16:00:00Z","records":1,"battery_level":{"min":10,"max":10,"mean":10},)"
                R"("rssi":{"min":20,"max":20,"mean":20},"online":1}]})");
}

TEST_P(HistoryBuckets, have_the_records_of_a_page_with_the_same_bounds) {
  const std::string bounds = "?from=2025-06-09T14:00:00Z&to=2025-06-09T17:00:00Z";
  EXPECT_EQ(Json(history(device_, bounds))["total_records"].integer(), 4);
  const auto one = Json(history(device_, bounds + "&buckets=1"))["buckets"][std::size_t{0}];
  EXPECT_EQ(one["records"].integer(), 4);
  EXPECT_EQ(one["battery_level"].dump(), R"({"min":10,"max":80,"mean":59})");
}

TEST_P(HistoryBuckets, are_not_found_for_a_device_never_seen) {
  const auto response =
      client_.get("/status/nobody/history?from=2025-06-09T14:00:00Z&to=2025-06-09T15:00:00Z&buckets=2");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, R"({"detail":"Device nobody not found"})");
}

TEST_P(HistoryBuckets, need_a_span_and_exclude_what_pages_take) {
  const auto path = "/status/" + device_ + "/history?buckets=2";
  expect_faults(client_.get(path), 422,
                {query_fault("from", "field required", "value_error.missing"),
                 query_fault("to", "field required", "value_error.missing")});
  expect_faults(
      client_.get(path + "&from=2025-06-09T14:00:00Z&to=2025-06-09T15:00:00Z&limit=5&since=2025-06-09T14:00:00Z"), 400,
      {query_fault("buckets", "buckets exclude limit, since, before and cursor", "value_error.combination")});
}

}  // namespace
}  // namespace ubiety::test
