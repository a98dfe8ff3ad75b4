#include "domain/unix_time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "support/generators.hpp"

namespace ubiety {
namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();

// Each was also read by pydantic 1.10.
TEST(UnixTime, is_seconds_milliseconds_microseconds_or_nanoseconds) {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {-1, "1969-12-31T23:59:59Z"},
      {1764000000, "2025-11-24T16:00:00Z"},
      {1764000000123, "2025-11-24T16:00:00.123Z"},
      {1764000000123456, "2025-11-24T16:00:00.123456Z"},
      {1764000000123456789, "2025-11-24T16:00:00.123457Z"},
      {20'000'000'000, "2603-10-11T11:33:20Z"},
      {20'000'000'001, "1970-08-20T11:33:20.001Z"},
      {-20'000'000'000, "1336-03-23T12:26:40Z"},
      {-15'000'000'000'000, "1494-09-01T21:20:00Z"},
      {20'000'000'000'001, "1970-08-20T11:33:20.000001Z"},
      {20'000'000'000'000'001, "1970-08-20T11:33:20Z"},
  };
  for (const auto& [number, text] : cases) EXPECT_EQ(format_timestamp(from_unix_time(number)), text) << number;
}

TEST(UnixTime, is_rounded_to_the_nearest_microsecond) {
  const std::pair<std::int64_t, std::int64_t> nanoseconds[] = {
      {100'000'000'000'000'499, 100'000'000'000'000},
      {100'000'000'000'000'500, 100'000'000'000'000},
      {100'000'000'000'000'501, 100'000'000'000'001},
      {100'000'000'000'001'500, 100'000'000'000'002},
      {-100'000'000'000'000'499, -100'000'000'000'000},
      {-100'000'000'000'000'501, -100'000'000'000'001},
      {-100'000'000'000'001'500, -100'000'000'000'002},
      {std::numeric_limits<std::int64_t>::max(), 9'223'372'036'854'776},
      {std::numeric_limits<std::int64_t>::min(), -9'223'372'036'854'776},
  };
  for (const auto& [number, microseconds] : nanoseconds)
    EXPECT_EQ(from_unix_time(number).microseconds, microseconds) << number;

  const std::pair<double, std::int64_t> seconds[] = {
      {1764000000.5, 1'764'000'000'500'000},
      {1764000000.1234567, 1'764'000'000'123'457},
      {-1.5, -1'500'000},
      {1e-7, 0},
      {0.0000015, 2},
      {0.0, 0},
      {-0.0, 0},
      {1764000000123.5, 1'764'000'000'123'500},
  };
  for (const auto& [number, microseconds] : seconds)
    EXPECT_EQ(from_unix_time(number).microseconds, microseconds) << number;
}

TEST(UnixTime, stays_in_the_years_that_a_datetime_has) {
  EXPECT_EQ(format_timestamp(from_unix_time(89490200001234567890.0)), "1972-11-01T18:23:20.001235Z");
  EXPECT_EQ(format_timestamp(from_unix_time(3e20)), "1979-07-05T05:20:00Z");
  for (const double number : {4e20, 1e300, infinity}) {
    EXPECT_EQ(from_unix_time(number), latest_timestamp);
    EXPECT_EQ(format_timestamp(from_unix_time(-number)), "0001-01-01T00:00:00Z");
  }
}

RC_GTEST_PROP(UnixTime, is_the_same_in_every_unit, ()) {
  // Later than 20 million seconds after 1970, before which the unit above would be taken.
  const auto seconds = *rc::gen::inRange<std::int64_t>(20'000'001, 9'000'000'000);
  for (const std::int64_t unit : {1, 1000, 1'000'000, 1'000'000'000}) {
    RC_ASSERT(from_unix_time(seconds * unit) == Timestamp{seconds * 1'000'000});
    RC_ASSERT(from_unix_time(-seconds * unit) == Timestamp{-seconds * 1'000'000});
    RC_ASSERT(from_unix_time(static_cast<double>(seconds)) == Timestamp{seconds * 1'000'000});
    RC_ASSERT(parse_unix_time(std::to_string(seconds * unit)) == std::optional(Timestamp{seconds * 1'000'000}));
  }
}

}  // namespace
}  // namespace ubiety
