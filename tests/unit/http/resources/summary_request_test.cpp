#include "http/resources/summary_request.hpp"

#include <gtest/gtest.h>

#include "unit/domain/generators.hpp"

namespace ubiety::http {
namespace {

Result<SummaryRequest, Answer> parse(std::string_view query, std::optional<std::string_view> accept_encoding = {}) {
  return parse_summary_request(query, accept_encoding, noon);
}

TEST(SummaryRequest, WithoutParametersIsOfEveryDevice) {
  const auto request = parse("");
  EXPECT_TRUE(request->whole);
  EXPECT_TRUE(request->versioned);
  EXPECT_FALSE(request->gzip);
  EXPECT_TRUE(parse("", "gzip")->gzip);
  EXPECT_TRUE(parse("unknown=1")->whole);
}

TEST(SummaryRequest, HasItsParameters) {
  const auto request = parse("limit=100000&online=true&battery_below=101&stale=false&prefix=room%201%2F", "gzip");
  ASSERT_TRUE(request);
  EXPECT_FALSE(request->whole);
  EXPECT_FALSE(request->gzip) << "only the whole is kept deflated";
  EXPECT_FALSE(request->versioned) << "who is stale depends on the time";
  const auto& [filter, limit, after] = request->query;
  EXPECT_EQ(limit, 100'000u);
  EXPECT_EQ(filter.online, true);
  EXPECT_EQ(filter.battery_below, 101);
  ASSERT_TRUE(filter.staleness);
  EXPECT_FALSE(filter.staleness->is_stale);
  EXPECT_EQ(filter.staleness->reported_before, noon);
  EXPECT_EQ(filter.prefix, "room 1/");
  EXPECT_TRUE(after.empty());
}

TEST(SummaryRequest, TakesTheCursorsThatItGave) {
  for (const std::string device_id : {"a", "sensor-1", "\xC3\xA9\x20\"", "x/y?z&"}) {
    const auto request = parse("cursor=" + summary_cursor(device_id));
    ASSERT_TRUE(request) << device_id;
    EXPECT_EQ(request->query.after, device_id);
    EXPECT_FALSE(request->whole);
  }
}

TEST(SummaryRequest, NamesEveryFault) {
  for (const auto* query : {"limit=0", "limit=100001", "limit=x", "limit=", "online=1", "online=TRUE",
                            "battery_below=-1", "battery_below=102", "stale=", "cursor=", "cursor=01", "cursor=02aa",
                            "cursor=01a", "cursor=01AA", "limit=1&limit=2", "prefix=%", "prefix=a&prefix=b"}) {
    const auto request = parse(query);
    ASSERT_FALSE(request) << query;
    EXPECT_EQ(request.error().status, 400) << query;
  }
  const auto several = parse("limit=0&online=x&cursor=y");
  ASSERT_FALSE(several);
  for (const auto* name : {"limit", "online", "cursor"})
    EXPECT_NE(several.error().body.find("[\"query\",\"" + std::string(name) + "\"]"), std::string::npos)
        << several.error().body;
}

}  // namespace
}  // namespace ubiety::http
