#include "http/resources/device/history_query.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/generators.hpp"

namespace ubiety::http {
namespace {

const Status record{noon, noon, -60, 76, true};

HistoryRequest request_of(std::string_view query) {
  const auto result = parse_history_request("sensor-1", query);
  EXPECT_TRUE(result) << query << ": " << result.error().body;
  return result ? *result : HistoryRequest{};
}

HistoryQuery parsed(std::string_view query) { return request_of(query).query; }

// The entries of the 400, or of another status.
std::string refusal_of(std::string_view query, int status = 400) {
  const auto result = parse_history_request("sensor-1", query);
  if (result) return "accepted";
  EXPECT_EQ(result.error().status, status);
  const std::string_view body = result.error().body;
  constexpr std::string_view open = R"({"detail":[)", close = "]}";
  EXPECT_TRUE(body.starts_with(open) && body.ends_with(close)) << body;
  return std::string(body.substr(open.size(), body.size() - open.size() - close.size()));
}

TEST(HistoryRequest, needs_no_parameters) {
  const auto query = parsed("");
  EXPECT_EQ(query.device_id, "sensor-1");
  EXPECT_EQ(query.limit, 50u);
  EXPECT_FALSE(query.since || query.before || query.after);
}

TEST(HistoryRequest, takes_all_parameters) {
  const auto cursor = encode_cursor(record);
  const auto query = parsed("before=2026-11-25T00:00:00Z&limit=7&cursor=" + cursor + "&since=2026-11-24T00:00:00Z&x=1");
  EXPECT_EQ(query.limit, 7u);
  EXPECT_EQ(query.since, parse_timestamp("2026-11-24T00:00:00Z"));
  EXPECT_EQ(query.before, parse_timestamp("2026-11-25T00:00:00Z"));
  ASSERT_TRUE(query.after);
  EXPECT_EQ(*query.after, record);
}

TEST(HistoryRequest, bounds_the_limit) {
  EXPECT_EQ(parsed("limit=1").limit, 1u);
  EXPECT_EQ(parsed("limit=1000").limit, 1000u);
  for (const auto* text : {"7", "007", "+7", "%2B7", "%207", "7%20", "%09%2B7%0A"})
    EXPECT_EQ(parsed("limit=" + std::string(text)).limit, 7u) << text;
  constexpr auto too_small = R"({"loc":["query","limit"],"msg":"ensure this value is greater than or equal to 1",)"
                             R"("type":"value_error.number.not_ge","ctx":{"limit_value":1}})";
  constexpr auto too_large = R"({"loc":["query","limit"],"msg":"ensure this value is less than or equal to 1000",)"
                             R"("type":"value_error.number.not_le","ctx":{"limit_value":1000}})";
  for (const auto text : {"0", "-0", "-1", "-99999999999999999999"})
    EXPECT_EQ(refusal_of("limit=" + std::string(text)), too_small) << text;
  for (const auto text : {"1001", "9223372036854775807", "99999999999999999999"})
    EXPECT_EQ(refusal_of("limit=" + std::string(text)), too_large) << text;
}

TEST(HistoryRequest, refuses_a_limit_that_is_no_integer) {
  for (const auto text :
       {"", "ten", "1.0", "1e2", "0x10", "%20", "1%201", "--1", "%2B-1", "%2B%2B1", "1,000", "1_0", "1%00"})
    EXPECT_EQ(refusal_of("limit=" + std::string(text)),
              R"({"loc":["query","limit"],"msg":"value is not a valid integer","type":"type_error.integer"})")
        << text;
}

TEST(HistoryRequest, reads_a_space_in_a_time_as_a_plus) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-24T08:37:11+01:00", "2026-11-24T07:37:11Z"},  // arrives as a space
      {"2026-11-24T08:37:11%2B01:00", "2026-11-24T07:37:11Z"},
      {"2026-11-24T08:37:11%2b01%3a00", "2026-11-24T07:37:11Z"},
      {"2026-11-24T08:37:11%2001:00", "2026-11-24T07:37:11Z"},
      {"2026-11-24T08:37:11-01:00", "2026-11-24T09:37:11Z"},
      {"2026-11-24+08:37:11", "2026-11-24T08:37:11Z"},  // this one stays a space
      {"2026-11-24%2008:37:11+00:00", "2026-11-24T08:37:11Z"},
      {"2026-11-24T08:37:11.5+00:00", "2026-11-24T08:37:11.5Z"},
      {"2026-11-24T08:37:11", "2026-11-24T08:37:11Z"},
      {"2026-1-4+8:3:1+01:00", "2026-01-04T07:03:01Z"},
      {"2026-11-24+08:37+01", "2026-11-24T07:37:00Z"},
      {"1763973431", "2025-11-24T08:37:11Z"},
      {"1763973431500", "2025-11-24T08:37:11.5Z"},
      {"-1.5", "1969-12-31T23:59:58.5Z"},
      {"1e+9", "2001-09-09T01:46:40Z"},
      {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},  // a bound may lie in the future
  };
  for (const auto name : {"since", "before"})
    for (const auto& [text, expected] : cases) {
      const auto query = parsed(std::string(name) + "=" + text);
      EXPECT_EQ(std::string_view(name) == "since" ? query.since : query.before, parse_timestamp(expected)) << text;
    }
}

TEST(HistoryRequest, refuses_what_is_no_time) {
  for (const std::string name : {"since", "before"})
    for (const auto text : {"", "yesterday", "true", "2026-11-24", "2026-11-24T08:37:11Z+", "+2026-11-24T08:37:11Z",
                            "2026-02-30T00:00:00Z", "2026-11-24++08:37:11Z", "2026-11-24%2B08:37:11Z"})
      EXPECT_EQ(refusal_of(name + "=" + text), "{\"loc\":[\"query\",\"" + name + "\"]," +
                                                   R"("msg":"invalid datetime format","type":"value_error.datetime"})")
          << text;
}

TEST(HistoryRequest, refuses_a_cursor_that_is_none) {
  const auto cursor = encode_cursor(record);
  for (const std::string& text :
       {std::string(), std::string("garbage"), cursor.substr(1), cursor + "0", cursor + "%20"})
    EXPECT_EQ(refusal_of("cursor=" + text),
              R"({"loc":["query","cursor"],"msg":"invalid cursor","type":"value_error.cursor"})")
        << text;
}

TEST(HistoryRequest, refuses_every_parameter_that_is_given_twice) {
  const std::pair<std::string, std::string> given[] = {{"limit", "5"},
                                                       {"since", "2026-11-24T08:37:11Z"},
                                                       {"before", "2026-11-24T08:37:11Z"},
                                                       {"cursor", encode_cursor(record)}};
  for (const auto& [name, value] : given)
    EXPECT_EQ(refusal_of(name + "=" + value + "&" + name + "=" + value),
              "{\"loc\":[\"query\",\"" + name +
                  R"("],"msg":"this parameter is given more than once","type":"value_error.duplicate"})");
}

TEST(HistoryRequest, refuses_bad_escapes) {
  EXPECT_EQ(refusal_of("limit=%"),
            R"({"loc":["query","limit"],"msg":"invalid percent-encoding","type":"value_error.url"})");
}

constexpr auto bounds = "from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z";

TEST(HistoryRequest, bounds_the_times_by_from_and_to) {
  const auto query = parsed(bounds);
  EXPECT_EQ(query.since, parse_timestamp("2026-11-23T23:59:59.999999Z")) << "from is inclusive, since is not";
  EXPECT_EQ(query.before, parse_timestamp("2026-11-25T00:00:00Z"));
  EXPECT_FALSE(request_of(bounds).buckets);
  EXPECT_FALSE(parsed("from=0000-01-01T00:00:00Z").since);
  const auto narrower = parsed(bounds + std::string("&since=2026-11-24T01:00:00Z&before=2026-11-24T02:00:00Z"));
  EXPECT_EQ(narrower.since, parse_timestamp("2026-11-24T01:00:00Z"));
  EXPECT_EQ(narrower.before, parse_timestamp("2026-11-24T02:00:00Z"));
}

TEST(HistoryRequest, asks_for_buckets_of_the_same_span_as_the_query) {
  const auto request = request_of(bounds + std::string("&buckets=24"));
  ASSERT_TRUE(request.buckets);
  EXPECT_EQ(request.buckets->from, parse_timestamp("2026-11-24T00:00:00Z"));
  EXPECT_EQ(request.buckets->to, parse_timestamp("2026-11-25T00:00:00Z"));
  EXPECT_EQ(request.buckets->count, 24U);
  EXPECT_EQ(request.query.since, parsed(bounds).since);
  EXPECT_EQ(request.query.before, parsed(bounds).before);
}

TEST(HistoryRequest, refuses_buckets_without_a_span) {
  const auto missing = [](const std::string& name) {
    return R"({"loc":["query",")" + name + R"("],"msg":"field required","type":"value_error.missing"})";
  };
  EXPECT_EQ(refusal_of("buckets=5", 422), missing("from") + "," + missing("to"));
  EXPECT_EQ(refusal_of("buckets=5&from=2026-11-24T00:00:00Z", 422), missing("to"));
  EXPECT_EQ(refusal_of("buckets=5&to=2026-11-24T00:00:00Z", 422), missing("from"));
  EXPECT_EQ(refusal_of("buckets=5&from=x&to=2026-11-24T00:00:00Z"),
            R"({"loc":["query","from"],"msg":"invalid datetime format","type":"value_error.datetime"})");
}

TEST(HistoryRequest, refuses_buckets_beside_what_pages_take) {
  for (const std::string other :
       {"limit=5", "since=2026-11-24T00:00:00Z", "before=2026-11-24T00:00:00Z", "limit=5&since=2026-11-24T00:00:00Z"})
    EXPECT_EQ(refusal_of(bounds + ("&buckets=5&" + other)),
              R"({"loc":["query","buckets"],"msg":"buckets exclude limit, since, before and cursor",)"
              R"("type":"value_error.combination"})")
        << other;
}

TEST(HistoryRequest, refuses_impossible_buckets) {
  for (const auto* to : {"2026-11-24T00:00:00Z", "2026-11-23T00:00:00Z"})
    EXPECT_EQ(refusal_of("buckets=1&from=2026-11-24T00:00:00Z&to=" + std::string(to)),
              R"({"loc":["query","to"],"msg":"ensure this time is after from","type":"value_error.datetime.order"})");
  const auto too_many = [](int limit) {
    return R"({"loc":["query","buckets"],"msg":"ensure this value is less than or equal to )" + std::to_string(limit) +
           R"(","type":"value_error.number.not_le","ctx":{"limit_value":)" + std::to_string(limit) + "}}";
  };
  EXPECT_EQ(refusal_of(bounds + std::string("&buckets=1001")), too_many(1000));
  EXPECT_EQ(refusal_of("buckets=4&from=2026-11-24T00:00:00Z&to=2026-11-24T00:00:00.000003Z"), too_many(3));
  EXPECT_TRUE(request_of("buckets=3&from=2026-11-24T00:00:00Z&to=2026-11-24T00:00:00.000003Z").buckets);
}

TEST(NextPage, repeats_the_query) {
  HistoryQuery query;
  query.limit = 7;
  query.since = parse_timestamp("2026-11-24T08:37:11.5Z");
  EXPECT_EQ(next_page_reference(query, record),
            "?limit=7&since=2026-11-24T08%3A37%3A11.5Z&cursor=" + encode_cursor(record));
}

RC_GTEST_PROP(NextPage, is_read_as_the_same_query_behind_the_last_record, ()) {
  const auto any_bound = [] {
    return *rc::gen::arbitrary<bool>() ? std::optional(*test::any_instant()) : std::nullopt;
  };
  HistoryQuery query;
  query.device_id = *rc::gen::nonEmpty<std::string>();
  query.limit = *rc::gen::inRange<std::size_t>(1, 1001);
  query.since = any_bound();
  query.before = any_bound();
  const auto last = *test::any_status();

  const auto reference = next_page_reference(query, last);
  RC_ASSERT(reference.starts_with('?'));
  const auto next = parse_history_request(query.device_id, std::string_view(reference).substr(1));
  RC_ASSERT(next.ok());
  RC_ASSERT(next->query.limit == query.limit);
  RC_ASSERT(next->query.since == query.since);
  RC_ASSERT(next->query.before == query.before);
  RC_ASSERT(next->query.after.has_value());
  RC_ASSERT(*next->query.after == last);
}

const Status cursor_record{noon, noon + std::chrono::microseconds(1), -60, 76, true};

rc::Gen<Status> any_record() {
  return rc::gen::apply(
      [](Timestamp timestamp, Timestamp received, int rssi, int battery_level, bool online) {
        return Status{timestamp, received, static_cast<std::int16_t>(rssi), static_cast<std::uint8_t>(battery_level),
                      online};
      },
      test::any_instant(), test::any_instant(), rc::gen::inRange(min_rssi, max_rssi + 1),
      rc::gen::inRange(min_battery_level, max_battery_level + 1), rc::gen::arbitrary<bool>());
}

// A good cursor with `digits` at `place`.
std::string altered(std::size_t place, std::string_view digits) {
  return encode_cursor(cursor_record).replace(place, digits.size(), digits);
}

TEST(HistoryCursor, has_the_format_of_the_documentation) {
  EXPECT_EQ(encode_cursor({{0x0123456789ABCDEF}, {-2}, -160, 100, false}),
            "01"
            "0123456789abcdef"
            "fffffffffffffffe"
            "64"
            "00"
            "00");
  EXPECT_EQ(encode_cursor({{1}, {2}, 20, 0, true}), "010000000000000001000000000000000200b401");
}

TEST(HistoryCursor, reads_the_bounds) {
  for (const auto time : {earliest_timestamp, latest_timestamp, Timestamp{0}, Timestamp{-1}})
    for (const int rssi : {min_rssi, -1, 0, max_rssi}) {
      const Status bound{time, time, static_cast<std::int16_t>(rssi), 100, false};
      const auto position = decode_cursor(encode_cursor(bound));
      ASSERT_TRUE(position);
      EXPECT_EQ(*position, bound);
    }
}

TEST(HistoryCursor, refuses_what_it_did_not_write) {
  const auto good = encode_cursor(cursor_record);
  ASSERT_TRUE(decode_cursor(good));
  const std::string cases[] = {
      "",
      "garbage",
      good + "0",
      good + "00",
      good.substr(1),
      good.substr(0, good.size() - 2),
      " " + good.substr(1),
      std::string(40, 'f'),
      std::string(40, '0'),
      altered(0, "02"),  // another version
      altered(4, "G"),
      altered(4, "F"),  // upper case
      altered(4, "/"),
      altered(2, "7fffffffffffffff"),  // a time beyond the year 9999
      altered(2, "8000000000000000"),  // and one before the year 0
      altered(18, "7fffffffffffffff"),
      altered(34, "65"),  // battery_level 101
      altered(36, "b5"),  // rssi 21
      altered(38, "02"),  // online
  };
  for (const auto& text : cases) EXPECT_FALSE(decode_cursor(text)) << text;
}

RC_GTEST_PROP(HistoryCursor, reads_back_what_it_wrote, ()) {
  const auto any = *any_record();
  const auto position = decode_cursor(encode_cursor(any));
  RC_ASSERT(position.has_value());
  RC_ASSERT(*position == any);
}

RC_GTEST_PROP(HistoryCursor, has_one_text_for_a_record, ()) {
  auto text = encode_cursor(*any_record());
  text[*rc::gen::inRange<std::size_t>(0, text.size())] =
      *rc::gen::elementOf(std::string("0123456789abcdefABCDEF%+ \n"));
  if (const auto position = decode_cursor(text)) RC_ASSERT(encode_cursor(*position) == text);
}

}  // namespace
}  // namespace ubiety::http
