#include "http/resources/stream/event_text.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(EventText, gives_the_last_event_the_id) {
  EventText text;
  text.add("reset", "{}");
  text.add("event: a\ndata: 1\n\nevent: b\ndata: 2\n\n", 18);
  EXPECT_EQ(text.take("7"), "event: reset\ndata: {}\n\nevent: a\ndata: 1\n\nid: 7\nevent: b\ndata: 2\n\n");
  EXPECT_TRUE(text.is_empty());
  EXPECT_EQ(text.take("8"), "") << "an id alone is no event";
}

TEST(EventText, may_have_no_id) {
  EventText text;
  text.add("current", "{}");
  EXPECT_EQ(text.take(""), "event: current\ndata: {}\n\n");
}

TEST(EventText, takes_other_events_behind_its_own) {
  EventText text, others;
  text.add("reset", "{}");
  text.add(others);
  EXPECT_EQ(EventText(text).take("1"), "id: 1\nevent: reset\ndata: {}\n\n");
  others.add("a", "1");
  others.add("b", "2");
  text.add(others);
  EXPECT_EQ(text.take("1"), "event: reset\ndata: {}\n\nevent: a\ndata: 1\n\nid: 1\nevent: b\ndata: 2\n\n");
}

TEST(EventText, of_a_device_is_one_line_of_json) {
  std::string text;
  append_status_event(text, "a\nb", {});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_TRUE(text.starts_with("event: status\ndata: {\"device_id\":\"a\\nb\",")) << text;
  text.clear();
  append_left_event(text, "a\nb");
  EXPECT_EQ(text, "event: left\ndata: {\"device_id\":\"a\\nb\"}\n\n");
}

TEST(EventText, of_a_heartbeat_is_no_event) {
  EXPECT_EQ(heartbeat(""), ":\n\n");
  EXPECT_EQ(heartbeat("5"), ":\nid: 5\n\n");
}

}  // namespace
}  // namespace ubiety::http
