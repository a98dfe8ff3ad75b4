#include "domain/timestamp.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <limits>

#include "support/cases.hpp"
#include "support/generators.hpp"
#include "support/json.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety {
namespace {

using test::any_instant;

// The instant of a text as the service writes it, or "refused".
std::string rewritten(std::string_view text) {
  const auto instant = parse_timestamp(text);
  return instant ? format_timestamp(*instant) : "refused";
}

// Forms that pydantic accepts. The suite calls them invalid, because it tests RFC 3339 alone.
constexpr std::string_view near_forms[] = {"1963-6-19T08:30:06.283185Z", "1963-06-1T08:30:06.283185Z",
                                           "1985-04-12T23:20:50+01"};

TEST(Timestamp, agrees_with_the_json_schema_suite) {
  UBIETY_NEEDS_CASES("date-time/date-time.json");
  const test::Json suite(test::read_file(test::cases_folder() / "date-time/date-time.json"));
  int judged = 0;
  for (const auto& group : suite.elements()) {
    for (const auto& entry : group["tests"].elements()) {
      if (!entry["data"].dump().starts_with('"')) continue;  // a format says nothing of other types
      const auto text = entry["data"].text();
      const bool is_near_form = std::find(std::begin(near_forms), std::end(near_forms), text) != std::end(near_forms);
      EXPECT_EQ(parse_timestamp(text).has_value(), is_near_form || entry["valid"].boolean())
          << text << ": " << entry["description"].text();
      ++judged;
    }
  }
  EXPECT_GT(judged, 20);
}

TEST(Timestamp, counts_from_the_epoch) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:00.000001Z", 1},
      {"1969-12-31T23:59:59.999999Z", -1},
      {"2001-09-09T01:46:40Z", 1'000'000'000'000'000},
      {"2000-02-29T00:00:00Z", 951'782'400'000'000},
      {"2024-02-29T00:00:00Z", 1'709'164'800'000'000},
      {"0000-01-01T00:00:00Z", earliest_timestamp.microseconds},
      {"9999-12-31T23:59:59.999999Z", latest_timestamp.microseconds},
  };
  for (const auto& [text, microseconds] : cases) {
    const auto instant = parse_timestamp(text);
    ASSERT_TRUE(instant) << text;
    EXPECT_EQ(instant->microseconds, microseconds) << text;
    EXPECT_EQ(format_timestamp({microseconds}), text);
  }
}

TEST(Timestamp, reads_every_form_of_the_contract) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-24T08:37:11Z", "2026-11-24T08:37:11Z"},
      {"2026-11-24t08:37:11z", "2026-11-24T08:37:11Z"},
      {"2026-11-24 08:37:11Z", "2026-11-24T08:37:11Z"},
      {"2026-11-24 08:37:11", "2026-11-24T08:37:11Z"},
      {"2026-11-24T08:37:11", "2026-11-24T08:37:11Z"},
      {"2026-11-24T08:37:11.5", "2026-11-24T08:37:11.5Z"},
      {"2026-11-24T08:37:11-00:00", "2026-11-24T08:37:11Z"},
      {"2026-11-24T08:37:11+00:01", "2026-11-24T08:36:11Z"},
      {"2026-11-24T08:37:11+05:30", "2026-11-24T03:07:11Z"},
      {"2026-11-24T08:37:11-08:00", "2026-11-24T16:37:11Z"},
      {"2026-12-31T23:00:00-23:59", "2027-01-01T22:59:00Z"},
      {"2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00Z"},
      {"1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.87Z"},
      {"2026-11-24T08:37", "2026-11-24T08:37:00Z"},
      {"2026-11-24T08:37Z", "2026-11-24T08:37:00Z"},
      {"2026-11-24 08:37z", "2026-11-24T08:37:00Z"},
      {"2026-11-24T08:37+02:00", "2026-11-24T06:37:00Z"},
      {"2026-11-24T08:37+02", "2026-11-24T06:37:00Z"},
      {"2026-11-24T08:37:11+0000", "2026-11-24T08:37:11Z"},
      {"2026-11-24T08:37:11+00", "2026-11-24T08:37:11Z"},
      {"2026-11-24T08:37:11.25-0330", "2026-11-24T12:07:11.25Z"},
      {"2026-11-24T08:37:11-23", "2026-11-25T07:37:11Z"},
      {"2026-1-4T8:3", "2026-01-04T08:03:00Z"},
      {"2026-1-4t8:3:5.5Z", "2026-01-04T08:03:05.5Z"},
      {"2026-11-24T08:37:1Z", "2026-11-24T08:37:01Z"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(rewritten(text), expected) << text;
}

TEST(Timestamp, refuses_other_forms) {
  const char* cases[] = {
      "",
      "2026-11-24",
      "2026-11-24T",
      "2026-11-24T08",
      "2026-11-24T08:",
      "2026-11-24T08Z",
      "2026-11-24T08:37:",
      "2026-11-24T08:37:Z",
      "2026-11-24T08:37.5Z",
      "2026-11-24T08:37:011Z",
      "2026-11-24T008:37:11Z",
      "2026-011-24T08:37:11Z",
      "2026--1-24T08:37:11Z",
      "2026-11-24T08:37:11+",
      "2026-11-24T08:37:11+0",
      "2026-11-24T08:37:11+02:",
      "2026-11-24T08:37:11+02:0",
      "2026-11-24T08:37:11+020",
      "2026-11-24T08:37:11+02000",
      "2026-11-24T08:37:11+02:00:00",
      "2026-11-24T08:37:11+2400",
      "2026-11-24T08:37:11+24",
      "2026-11-24T08:37:11+0060",
      "2026-11-24T08:37:11Z+00:00",
      "2026-11-24T08:37:11UTC",
      "2026-11-24T08:37:11 PM",
      "2026-11-24T08:37:11Z\n",
      "2026-11-24\tT08:37:11Z",
      "2026/11/24 08:37:11",
      "24.11.2026 08:37:11",
      "Tue, 24 Nov 2026 08:37:11 GMT",
      "2026-11-24T08:37:11.Z",
      "2026-11-24T08:37:11.",
      "2026-11-24T08:37:11,5Z",
      "2026-11-24  08:37:11Z",
      "2026-11-24_08:37:11Z",
      "2026-11-24T08:37:11 Z",
      "2026-11-24T08:37:11ZZ",
      "2026-11-24T08:37:11+24:00",
      "2026-11-24T08:37:11+00:60",
      "2026-11-24T08:37:11+1:00",
      "2026-11-24T08:37:11+-1:00",
      "2026-11-24T08:37:11 00:00",
      " 2026-11-24T08:37:11Z",
      "2026-11-24T08:37:11Z ",
      "20261124T083711Z",
      "26-11-24T08:37:11Z",
      "-026-11-24T08:37:11Z",
      "12026-11-24T08:37:11Z",
      "2026-00-24T08:37:11Z",
      "2026-13-24T08:37:11Z",
      "2026-11-00T08:37:11Z",
      "2026-11-31T08:37:11Z",
      "2026-11-24T24:00:00Z",
      "2026-11-24T08:60:11Z",
      "2026-11-24T08:37:61Z",
      "2026-11-24T08:37:99Z",
      "2026-W48-2T08:37:11Z",
      "now",
  };
  for (const auto* text : cases) EXPECT_EQ(rewritten(text), "refused") << text;
  EXPECT_FALSE(parse_timestamp(std::string_view("2026-11-24T08:37:11Z\0", 21)));
}

// A valid text may end after the minutes, and where one digit stands for two.
TEST(Timestamp, refuses_texts_that_stop_early) {
  const std::string_view text = "2026-11-24T08:37:11";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto start = text.substr(0, size);
    const bool is_year = size >= 1 && size <= 4;  // a small number is Unix time
    const bool is_whole = size == 15 || size == 16 || size == 18;
    EXPECT_EQ(parse_timestamp(start).has_value(), is_year || is_whole) << start;
  }
  EXPECT_TRUE(parse_timestamp(text));
}

TEST(Timestamp, reads_unix_time_in_digits) {
  const std::pair<const char*, const char*> cases[] = {
      {"0", "1970-01-01T00:00:00Z"},
      {"1764000000", "2025-11-24T16:00:00Z"},
      {"+1764000000", "2025-11-24T16:00:00Z"},
      {"-1", "1969-12-31T23:59:59Z"},
      {"1764000000.5", "2025-11-24T16:00:00.5Z"},
      {"1764000000123", "2025-11-24T16:00:00.123Z"},
      {"1764000000123456", "2025-11-24T16:00:00.123456Z"},
      {"1764000000123456789", "2025-11-24T16:00:00.123457Z"},
      {"1.764e9", "2025-11-24T16:00:00Z"},
      {"0001764000000", "2025-11-24T16:00:00Z"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(rewritten(text), expected) << text;
  for (const auto* text : {"-", "+", ".", "e5", "1e", "--1", "+-1", "1-1", "1_000", " 1", "1 ", "0x10", "inf", "nan",
                           "-Infinity", "1,5", "\xD9\xA1"})
    EXPECT_EQ(rewritten(text), "refused") << text;
}

TEST(Timestamp, knows_leap_years) {
  for (const char* text : {"2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "0000-02-29T00:00:00Z"})
    EXPECT_EQ(rewritten(text), text);
  for (const char* text : {"1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2023-02-29T00:00:00Z",
                           "2024-02-30T00:00:00Z", "2024-04-31T00:00:00Z"})
    EXPECT_EQ(rewritten(text), "refused") << text;
}

TEST(Timestamp, reads_a_leap_second_as_the_next) {
  const std::pair<const char*, const char*> cases[] = {
      {"1998-12-31T23:59:60Z", "1999-01-01T00:00:00Z"},
      {"1998-12-31T15:59:60.123-08:00", "1999-01-01T00:00:00.123Z"},
      {"2017-01-01T05:29:60+05:30", "2017-01-01T00:00:00Z"},
      {"2016-12-31T23:59:60", "2017-01-01T00:00:00Z"},
      {"2016-12-31T15:59:60-08", "2017-01-01T00:00:00Z"},
      {"1969-12-31T23:59:60Z", "1970-01-01T00:00:00Z"},
      {"1960-06-30T23:59:60.9Z", "1960-07-01T00:00:00.9Z"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(rewritten(text), expected) << text;
}

TEST(Timestamp, refuses_a_leap_second_except_at_the_end_of_a_utc_day) {
  for (const char* text : {"1998-12-31T23:58:60Z", "1998-12-31T22:59:60Z", "1998-12-31T23:59:60+01:00",
                           "1998-12-31T00:00:60Z", "1960-12-31T12:59:60Z", "9999-12-31T23:59:60Z"})
    EXPECT_EQ(rewritten(text), "refused") << text;
}

TEST(Timestamp, ignores_the_digits_after_the_sixth) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-24T08:37:11.1234567Z", "2026-11-24T08:37:11.123456Z"},
      {"2026-11-24T08:37:11.999999999999999Z", "2026-11-24T08:37:11.999999Z"},
      {"2026-11-24T08:37:11.0000009Z", "2026-11-24T08:37:11Z"},
      {"1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(rewritten(text), expected) << text;
  EXPECT_EQ(rewritten("2026-11-24T08:37:11." + std::string(10'000, '9') + "+01:00"), "2026-11-24T07:37:11.999999Z");
}

TEST(Timestamp, stays_in_the_years_that_it_can_write) {
  const std::pair<const char*, const char*> cases[] = {
      {"0000-01-01T00:00:00-00:01", "0000-01-01T00:01:00Z"},
      {"0000-01-01T23:59:00+23:59", "0000-01-01T00:00:00Z"},
      {"0000-01-01T00:00:00+00:01", "refused"},
      {"0000-01-01T23:58:59.999999+23:59", "refused"},
      {"9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.999999Z"},
      {"9999-12-31T00:00:59.999999-23:59", "9999-12-31T23:59:59.999999Z"},
      {"9999-12-31T23:59:59-00:01", "refused"},
      {"9999-12-31T00:01:00-23:59", "refused"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(rewritten(text), expected) << text;
}

TEST(Timestamp, writes_fractions_without_trailing_zeros) {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "1970-01-01T00:00:00Z"},          {1, "1970-01-01T00:00:00.000001Z"},
      {10, "1970-01-01T00:00:00.00001Z"},   {100'000, "1970-01-01T00:00:00.1Z"},
      {120'000, "1970-01-01T00:00:00.12Z"}, {999'999, "1970-01-01T00:00:00.999999Z"},
      {1'000'000, "1970-01-01T00:00:01Z"},  {500'500, "1970-01-01T00:00:00.5005Z"},
      {-500'000, "1969-12-31T23:59:59.5Z"},
  };
  for (const auto& [microseconds, text] : cases) EXPECT_EQ(format_timestamp({microseconds}), text);
}

TEST(Timestamp, counts_spans_in_microseconds) {
  using namespace std::chrono_literals;
  const Timestamp instant{5};
  EXPECT_EQ(instant + 1s, Timestamp{1'000'005});
  EXPECT_EQ(instant - 1ms, Timestamp{-995});
  EXPECT_EQ(Timestamp{-995} - instant, -1ms);
  EXPECT_LT(instant, instant + 1us);
}

RC_GTEST_PROP(Timestamp, reads_back_what_it_wrote, ()) {
  const auto instant = *any_instant();
  RC_ASSERT(parse_timestamp(format_timestamp(instant)) == std::optional(instant));
}

RC_GTEST_PROP(Timestamp, writes_no_more_than_the_maximum_length, ()) {
  const auto instant = *any_instant();
  std::array<char, max_timestamp_length + 1> text;
  text.back() = '!';
  const auto length = format_timestamp(instant, text.data());
  RC_ASSERT(length <= max_timestamp_length);
  RC_ASSERT(text.back() == '!');
  RC_ASSERT(std::string(text.data(), length) == format_timestamp(instant));
}

RC_GTEST_PROP(Timestamp, writes_the_same_date_as_the_c_library, ()) {
  const auto seconds = (*any_instant()).microseconds / 1'000'000;
  const std::time_t time = seconds;
  std::tm civil{};
  gmtime_r(&time, &civil);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", civil.tm_year + 1900, civil.tm_mon + 1,
                civil.tm_mday, civil.tm_hour, civil.tm_min, civil.tm_sec);
  RC_ASSERT(format_timestamp({seconds * 1'000'000}) == std::string(text));
}

constexpr auto infinity = std::numeric_limits<double>::infinity();

// pydantic 1.10 reads each of them as the same instant.
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
  // Later than 20 million seconds after 1970: an earlier instant would be read in the next larger unit.
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
