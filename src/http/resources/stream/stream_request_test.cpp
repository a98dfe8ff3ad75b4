#include "http/resources/stream/stream_request.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

StreamRequest parse(std::string_view query, std::optional<std::string_view> last_event_id = {}) {
  return parse_stream_request(query, last_event_id, Groups()).value();
}

TEST(StreamRequest, is_for_everything_from_now_on) {
  const auto request = parse("");
  EXPECT_EQ(request.kinds, StreamKinds());
  EXPECT_TRUE(request.view.has_statuses);
  EXPECT_TRUE(request.view.filter.is_empty());
  EXPECT_FALSE(request.after);
}

TEST(StreamRequest, has_the_filter_of_a_summary) {
  const auto filter = parse("online=false&battery_below=20&stale=true&prefix=a%2Fb&q=C").view.filter;
  EXPECT_EQ(filter, (DeviceFilter{.online = false, .battery_below = 20, .stale = true, .prefix = "a/b", .part = "c"}));
}

TEST(StreamRequest, chooses_kinds_of_events) {
  EXPECT_EQ(parse("events=status").kinds, (StreamKinds{true, false, false, false, false}));
  const auto request = parse("events=overview,problem,outage,action");
  EXPECT_EQ(request.kinds, (StreamKinds{false, true, true, true, true}));
  EXPECT_FALSE(request.view.has_statuses);
}

TEST(StreamRequest, chooses_members_of_devices) {
  EXPECT_EQ(parse("fields=online,device_id").view.members,
            (DeviceMembers{DeviceMember::online, DeviceMember::device_id}));
}

TEST(StreamRequest, goes_on_after_a_position) {
  const FeedPosition position{5, 6, {7}};
  EXPECT_EQ(parse("after=" + text_of(position)).after->position, position);
  EXPECT_EQ(parse("", text_of(position)).after->position, position);
  EXPECT_EQ(parse("after=1-1-1-1", text_of(position)).after->position, position)
      << "a client that connects again sends the query as before";
}

TEST(StreamRequest, after_a_position_that_nobody_knows_begins_again) {
  EXPECT_EQ(parse("after=7").after->position, std::nullopt);
  EXPECT_EQ(parse("after=").after->position, std::nullopt);
  EXPECT_EQ(parse("", "\xFF").after->position, std::nullopt);
}

TEST(StreamRequest, names_its_faults) {
  for (const auto* query : {"events=", "events=status,", "events=all", "events=Status", "events=status%20", "online=2",
                            "battery_below=-1", "prefix=%FF", "events=status&events=status"}) {
    const auto request = parse_stream_request(query, {}, Groups());
    ASSERT_FALSE(request) << query;
    EXPECT_EQ(request.error().status, 400);
  }
}

}  // namespace
}  // namespace ubiety::http
