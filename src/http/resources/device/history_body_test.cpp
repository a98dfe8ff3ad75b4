#include "http/resources/device/history_body.hpp"

#include <gtest/gtest.h>

#include "support/generators.hpp"

namespace ubiety::http {
namespace {

using std::chrono::seconds;

TEST(HistoryBucketsBody, has_means_shares_and_null_without_records) {
  HistoryBuckets buckets({noon, noon + seconds(10), 3});
  const auto record = [](int second, std::uint8_t battery_level, std::int16_t rssi, bool online) {
    return Status{noon + seconds(second), noon, rssi, battery_level, online};
  };
  buckets.add(std::vector{record(0, 80, -60, true), record(1, 81, -61, true), record(2, 81, -61, false),
                          record(9, 5, 0, false)});
  EXPECT_EQ(
      buckets_body("a\"b", buckets),
      R"({"device_id":"a\"b","from":"2025-11-24T16:00:00Z","to":"2025-11-24T16:00:10Z","bucket_seconds":3.333333,)"
      R"("buckets":[{"from":"2025-11-24T16:00:00Z","records":3,"battery_level":{"min":80,"max":81,"mean":80.666667},)"
      R"("rssi":{"min":-61,"max":-60,"mean":-60.666667},"online":0.666667},)"
      R"({"from":"2025-11-24T16:00:03.333334Z","records":0,"battery_level":null,"rssi":null,"online":null},)"
      R"({"from":"2025-11-24T16:00:06.666667Z","records":1,"battery_level":{"min":5,"max":5,"mean":5},)"
      R"("rssi":{"min":0,"max":0,"mean":0},"online":0}]})");
}

}  // namespace
}  // namespace ubiety::http
