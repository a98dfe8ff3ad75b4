#include "http/resources/summary/summary_request.hpp"

#include <gtest/gtest.h>

#include "support/generators.hpp"

namespace ubiety::http {
namespace {

// One group, number 1.
Groups groups;
const auto hall = groups.number_of("hall 3");

Result<SummaryRequest, Answer> parse(std::string_view query, std::optional<std::string_view> accept_encoding = {}) {
  return parse_summary_request(query, accept_encoding, groups);
}

TEST(SummaryRequest, is_of_every_device_without_parameters) {
  const auto request = parse("");
  EXPECT_TRUE(request->query.is_of_all());
  EXPECT_FALSE(request->gzip);
  EXPECT_TRUE(parse("", "gzip")->gzip);
  EXPECT_TRUE(parse("unknown=1")->query.is_of_all());
}

TEST(SummaryRequest, has_its_parameters) {
  const auto request = parse(
      "limit=100000&online=true&battery_below=101&rssi_below=21&stale=false&silent_for=2h&prefix=room%201%2F&q=Gw%C3%"
      "89",
      "gzip");
  ASSERT_TRUE(request);
  EXPECT_FALSE(request->query.is_of_all());
  EXPECT_FALSE(request->gzip) << "only the whole is kept deflated";
  const auto& filter = request->query.filter;
  EXPECT_EQ(request->query.limit, 100'000u);
  EXPECT_EQ(filter.online, true);
  EXPECT_EQ(filter.battery_below, 101);
  EXPECT_EQ(filter.stale, false);
  EXPECT_EQ(filter.rssi_below, 21);
  EXPECT_EQ(filter.silent_for, std::chrono::hours(2));
  EXPECT_EQ(filter.prefix, "room 1/");
  EXPECT_EQ(filter.part, "gw\xC3\x89") << "only ASCII has a case";
  EXPECT_TRUE(request->query.after.empty());
  EXPECT_FALSE(request->query.sort);
}

TEST(SummaryRequest, reads_booleans_as_pydantic_does) {
  for (const auto* text : {"true", "True", "TRUE", "1", "on", "On", "t", "T", "y", "Y", "yes", "YES"})
    EXPECT_EQ(parse("online=" + std::string(text))->query.filter.online, true) << text;
  for (const auto* text : {"false", "False", "FALSE", "0", "off", "OFF", "f", "F", "n", "N", "no", "No"})
    EXPECT_EQ(parse("online=" + std::string(text))->query.filter.online, false) << text;
  for (const auto* text : {"", "2", "-1", "1.0", "truee", "tru", "yep", "none", "null", "%00", "true%00"})
    EXPECT_FALSE(parse("stale=" + std::string(text))) << text;
}

TEST(SummaryRequest, says_that_a_prefix_is_not_utf8) {
  EXPECT_EQ(parse("prefix=%FF").error().body,
            R"({"detail":[{"loc":["query","prefix"],"msg":"the text is not valid UTF-8","type":"value_error.url"}]})");
  EXPECT_EQ(parse("prefix=%C3%A9")->query.filter.prefix, "\xC3\xA9");
}

TEST(SummaryRequest, takes_the_cursors_that_it_gave) {
  for (const std::string device_id : {"a", "sensor-1", "\xC3\xA9\x20\"", "x/y?z&"}) {
    const auto request = parse("cursor=" + summary_cursor(device_id));
    ASSERT_TRUE(request) << device_id;
    EXPECT_EQ(request->query.after, device_id);
    EXPECT_FALSE(request->query.is_of_all());
  }
}

TEST(SummaryRequest, is_sorted_by_a_member) {
  const auto query = parse("sort=last_heard&order=desc&offset=500000&limit=200")->query;
  EXPECT_EQ(query.sort, (SummarySort{SummarySort::By::last_heard, true}));
  EXPECT_EQ(query.offset, 500'000u);
  EXPECT_EQ(query.limit, 200u);
  using By = SummarySort::By;
  for (const auto& [name, by] : {std::pair("device_id", By::device_id), std::pair("battery_level", By::battery_level),
                                 std::pair("rssi", By::rssi), std::pair("last_update", By::last_update)})
    EXPECT_EQ(parse("order=asc&sort=" + std::string(name))->query.sort, (SummarySort{by, false})) << name;
  EXPECT_EQ(parse("offset=1")->query.sort, SummarySort{}) << "by id";
  EXPECT_EQ(parse("order=desc")->query.sort, (SummarySort{By::device_id, true}));
  EXPECT_EQ(parse("sort=rssi")->query.limit, 100u) << "a sorted summary has pages";
}

TEST(SummaryRequest, is_of_devices_with_problems_of_a_group_or_muted_ones) {
  using Which = ProblemFilter::Which;
  EXPECT_EQ(parse("problem=any")->query.filter.problem, ProblemFilter{Which::any});
  EXPECT_EQ(parse("problem=outage")->query.filter.problem, ProblemFilter{Which::outage});
  EXPECT_EQ(parse("problem=flapping")->query.filter.problem, (ProblemFilter{Which::one, ProblemKind::flapping}));
  EXPECT_EQ(parse("group=hall+3")->query.filter.group, hall);
  EXPECT_EQ(parse("group=hall+4")->query.filter.group, last_group) << "no device is in it";
  EXPECT_EQ(parse("muted=true")->query.filter.muted, true);
  EXPECT_TRUE(parse("group=hall+3")->query.changes_without_version());
}

TEST(SummaryRequest, shows_the_members_that_the_client_chose) {
  const auto query = parse("fields=rssi,device_id,problems")->query;
  EXPECT_EQ(query.members, (DeviceMembers{DeviceMember::rssi, DeviceMember::device_id, DeviceMember::problems}));
  EXPECT_FALSE(query.is_of_all()) << "what is kept has all members";
  EXPECT_TRUE(query.changes_without_version());
  EXPECT_FALSE(parse("fields=rssi,stale")->query.changes_without_version());
  EXPECT_EQ(
      parse("fields=rssi,rssi").error().body,
      R"({"detail":[{"loc":["query","fields"],"msg":"a field is given more than once","type":"value_error.duplicate"}]})");
}

TEST(SummaryRequest, has_either_a_sort_or_a_cursor) {
  const auto request = parse("sort=rssi&cursor=" + summary_cursor("a"));
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().body,
            R"({"detail":[{"loc":["query","cursor"],)"
            R"("msg":"a cursor goes without sort, order and offset","type":"value_error.cursor"}]})");
}

TEST(SummaryRequest, may_share_an_answer_with_one_that_asks_the_same) {
  const std::vector<std::string> different{"",
                                           "limit=1",
                                           "limit=2",
                                           "online=true",
                                           "online=false",
                                           "stale=true",
                                           "stale=false",
                                           "battery_below=5",
                                           "rssi_below=5",
                                           "silent_for=5",
                                           "q=a",
                                           "problem=any",
                                           "problem=silent",
                                           "group=hall+3",
                                           "muted=true",
                                           "fields=rssi",
                                           "fields=rssi,stale",
                                           "sort=rssi",
                                           "sort=last_heard",
                                           "sort=rssi&order=desc",
                                           "sort=rssi&offset=1",
                                           "sort=rssi&limit=1",
                                           "prefix=a",
                                           "prefix=b",
                                           "cursor=" + summary_cursor("a")};
  for (const auto& left : different)
    for (const auto& right : different)
      EXPECT_EQ(*parse(left) == *parse(right), left == right) << left << " and " << right;
  EXPECT_FALSE(*parse("", "gzip") == *parse(""));
}

TEST(SummaryRequest, names_every_fault) {
  for (const auto* query : {"limit=0",           "limit=100001",    "limit=x",         "limit=",
                            "online=2",          "online=",         "online=%20true",  "battery_below=-1",
                            "battery_below=102", "stale=",          "cursor=",         "cursor=01",
                            "cursor=02aa",       "cursor=01a",      "cursor=01AA",     "limit=1&limit=2",
                            "prefix=%",          "prefix=%FF",      "prefix=a%C3",     "prefix=%ED%A0%80",
                            "prefix=a&prefix=b", "rssi_below=-161", "rssi_below=22",   "silent_for=",
                            "silent_for=-1h",    "q=%FF",           "sort=",           "sort=online",
                            "sort=RSSI",         "order=up",        "offset=-1",       "offset=1000000001",
                            "problem=",          "problem=Silent",  "muted=maybe",     "group=%FF",
                            "fields=",           "fields=rssi,",    "fields=timestamp"}) {
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
