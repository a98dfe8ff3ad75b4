#include <gtest/gtest.h>

#include "integration/http/faults.hpp"
#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class Timestamps : public EachStore {};

TEST_P(Timestamps, are_one_instant_in_utc_whatever_their_form) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"2025-06-09T14:00:00Z", "2025-06-09T14:00:00Z"},
      {"2025-06-09t14:00:00z", "2025-06-09T14:00:00Z"},
      {"2025-06-09 14:00:00Z", "2025-06-09T14:00:00Z"},
      {"2025-06-09T14:00:00", "2025-06-09T14:00:00Z"},
      {"2025-06-09 14:00:00", "2025-06-09T14:00:00Z"},
      {"2025-06-09T14:00:00+00:00", "2025-06-09T14:00:00Z"},
      {"2025-06-09T14:00:00-00:00", "2025-06-09T14:00:00Z"},
      {"2025-06-09T16:30:00+02:30", "2025-06-09T14:00:00Z"},
      {"2025-06-09T00:00:00+14:00", "2025-06-08T10:00:00Z"},
      {"2025-06-09T23:00:00-01:00", "2025-06-10T00:00:00Z"},
      {"2025-06-09T14:00:00.5Z", "2025-06-09T14:00:00.5Z"},
      {"2025-06-09T14:00:00.500000Z", "2025-06-09T14:00:00.5Z"},
      {"2025-06-09T14:00:00.000001Z", "2025-06-09T14:00:00.000001Z"},
      {"2025-06-09T14:00:00.123456789Z", "2025-06-09T14:00:00.123456Z"},
      {"2025-06-09T14:00:00.9999999Z", "2025-06-09T14:00:00.999999Z"},
      {"2025-06-09T14:00:00.0000009Z", "2025-06-09T14:00:00Z"},
      {"2025-06-09T14:00:00.25", "2025-06-09T14:00:00.25Z"},
      {"2025-06-09T14:00", "2025-06-09T14:00:00Z"},
      {"2025-06-09 14:00z", "2025-06-09T14:00:00Z"},
      {"2025-6-9T4:5:6", "2025-06-09T04:05:06Z"},
      {"2025-06-09T16:00:00+0200", "2025-06-09T14:00:00Z"},
      {"2025-06-09T16:00:00+02", "2025-06-09T14:00:00Z"},
      {"1749477600", "2025-06-09T14:00:00Z"},
      {"1749477600.25", "2025-06-09T14:00:00.25Z"},
      {"1749477600123", "2025-06-09T14:00:00.123Z"},
      {"-1", "1969-12-31T23:59:59Z"},
      {"2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
      {"2016-12-31T15:59:60-08:00", "2017-01-01T00:00:00Z"},
      {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
      {"1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"}};
  for (const auto& [sent, shown] : cases) {
    SCOPED_TRACE(sent);
    const Report report{.device_id = fresh_device("time"), .timestamp = sent};
    accept(report);
    EXPECT_EQ(Json(latest(report.device_id))["timestamp"].text(), shown);
    EXPECT_EQ(Json(history(report.device_id))["history"][std::size_t{0}]["timestamp"].text(), shown);
  }
}

TEST_P(Timestamps, are_unix_time_when_they_are_numbers) {
  const std::vector<std::pair<const char*, const char*>> cases{{"1749477600", "2025-06-09T14:00:00Z"},
                                                               {"1749477600.0", "2025-06-09T14:00:00Z"},
                                                               {"1749477600.123456", "2025-06-09T14:00:00.123456Z"},
                                                               {"1.7494776e9", "2025-06-09T14:00:00Z"},
                                                               {"1749477600123", "2025-06-09T14:00:00.123Z"},
                                                               {"1749477600123456", "2025-06-09T14:00:00.123456Z"},
                                                               {"1749477600123456789", "2025-06-09T14:00:00.123457Z"},
                                                               {"0", "1970-01-01T00:00:00Z"},
                                                               {"-0.5", "1969-12-31T23:59:59.5Z"},
                                                               {"-20000000000", "1336-03-23T12:26:40Z"},
                                                               {"89490200001234567890", "1972-11-01T18:23:20.001235Z"},
                                                               {"-1e400", "0001-01-01T00:00:00Z"}};
  for (const auto& [sent, shown] : cases) {
    SCOPED_TRACE(sent);
    const auto accepted = client_.post("/status", body_with("timestamp", sent));
    ASSERT_EQ(accepted.status, 200);
    const auto device = Json(accepted.body)["device_id"].text();
    EXPECT_EQ(Json(latest(device))["timestamp"].text(), shown);
    EXPECT_EQ(Json(history(device))["history"][std::size_t{0}]["timestamp"].text(), shown);
  }
  for (const char* sent : {"20000000000", "1e400", "4e20", "999999999999999999999"}) {
    const auto response = client_.post("/status", body_with("timestamp", sent));
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(Json(response.body)["detail"][std::size_t{0}]["type"].text(), "value_error.datetime.future") << sent;
  }
}

TEST_P(Timestamps, are_refused_when_they_are_none) {
  for (const char* text : {"",
                           " ",
                           "yesterday",
                           "2025-06-09",
                           "14:00:00Z",
                           "2025-06-09T14",
                           "2025-06-09T14:00:00+2",
                           "2025-06-09T14:00:00+020",
                           "1749477600s",
                           "0x684722a0",
                           "1_749_477_600",
                           "2025-06-09T24:00:00Z",
                           "2025-06-09T14:60:00Z",
                           "2025-06-09T14:00:61Z",
                           "2025-06-09T14:00:60Z",
                           "2016-12-31T23:59:60+01:00",
                           "2025-02-29T00:00:00Z",
                           "2025-13-01T00:00:00Z",
                           "2025-00-01T00:00:00Z",
                           "2025-06-00T00:00:00Z",
                           "2025-06-31T00:00:00Z",
                           "2025-06-09T14:00:00.Z",
                           "2025-06-09T14:00:00,5Z",
                           "2025-06-09T14:00:00+24:00",
                           "2025-06-09T14:00:00+02:60",
                           "2025-06-09T14:00:00 Z",
                           "2025-06-09  14:00:00Z",
                           " 2025-06-09T14:00:00Z",
                           "2025-06-09T14:00:00Z ",
                           "2025-06-09T14:00:00Zx",
                           "2025-06-09_14:00:00Z",
                           "12025-06-09T14:00:00Z",
                           "-2025-06-09T14:00:00Z",
                           "2025-06-09T14:00:00Z\xC2\xA0",
                           "\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA5-06-09T14:00:00Z",
                           "now",
                           "infinity",
                           "nan",
                           "true",
                           "epoch"}) {
    SCOPED_TRACE(text);
    expect_faults(client_.post("/status", body_with("timestamp", json_string(text))), 400,
                  {body_fault("timestamp", "invalid datetime format", "value_error.datetime")});
  }
}

TEST_P(Timestamps, may_be_a_day_ahead_but_no_more) {
  const auto device = fresh_device();
  accept({.device_id = device, .timestamp = utc_text(std::chrono::system_clock::now() + 24h - 1min)});

  const auto before = std::chrono::system_clock::now();
  const auto response = client_.post("/status", body_with("timestamp", json_string(utc_text(before + 24h + 1min))));
  const auto after = std::chrono::system_clock::now();
  const auto ctx = Json(response.body)["detail"][std::size_t{0}]["ctx"];
  expect_faults(response, 400, {body_fault("timestamp", "", "value_error.datetime.future", ctx.dump())});
  EXPECT_EQ(ctx.keys(), std::vector<std::string>{"limit_value"});
  // Whether the limit is given with its fraction or without, it is a day after the server's clock.
  const auto limit = ctx["limit_value"].text();
  EXPECT_GE(limit.substr(0, 19), utc_text(before + 24h).substr(0, 19));
  EXPECT_LE(limit.substr(0, 19), utc_text(after + 24h).substr(0, 19));
  EXPECT_EQ(limit.back(), 'Z');
  const auto msg = Json(response.body)["detail"][std::size_t{0}]["msg"].text();
  EXPECT_NE(msg.find(limit), std::string::npos) << "the message names the limit: " << msg;
}

TEST_P(Timestamps, are_refused_far_in_the_future) {
  for (const char* text : {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999Z", "2262-04-12T00:00:00Z"}) {
    const auto response = client_.post("/status", body_with("timestamp", json_string(text)));
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(Json(response.body)["detail"][std::size_t{0}]["type"].text(), "value_error.datetime.future") << text;
  }
}

UBIETY_WITH_EACH_STORE(Timestamps);

}  // namespace
}  // namespace ubiety::test
