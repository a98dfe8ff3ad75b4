#include "http/resources/stream/fleet_news.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

void note(FleetBoard& board, const std::string& device_id) {
  board.note({}, ProblemEvent{device_id, {}, {ProblemKind::battery_low, {}, 0}, {}});
}

std::vector<std::string> devices_after(const FleetNews& news, std::uint64_t number) {
  std::vector<std::string> devices;
  const auto items = news.after(number).value();
  for (const auto* item : items) devices.push_back(item->device_id);
  return devices;
}

TEST(FleetNews, follows_the_board) {
  FleetBoard board;
  FleetNews news;
  note(board, "a");
  news.follow(board);
  EXPECT_EQ(devices_after(news, 0), std::vector<std::string>{"a"});
  note(board, "b");
  board.note({}, OutageEvent{});
  news.follow(board);
  news.follow(board);
  EXPECT_EQ(devices_after(news, 1), (std::vector<std::string>{"b", ""}));
  const auto items = news.after(1).value();
  EXPECT_EQ(items[0]->kind, FleetNewsItem::Kind::problem);
  EXPECT_NE(items[0]->json.find("battery_low"), std::string::npos) << items[0]->json;
  EXPECT_EQ(items[1]->kind, FleetNewsItem::Kind::outage);
  EXPECT_EQ(news.last_number(), board.last_number());
  EXPECT_TRUE(news.after(3)->empty());
  EXPECT_EQ(news.after(4), std::nullopt) << "it has not happened yet";
}

TEST(FleetNews, has_each_removed_device_and_the_removal_as_one_action) {
  FleetBoard board;
  FleetNews news;
  board.note(DeviceGone{"c"});
  board.note(DeviceGone{"d"});
  board.note({}, RemovalEvent{.prefix = "", .silent_for = std::chrono::hours(1), .devices = 2});
  news.follow(board);
  const auto items = news.after(0).value();
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0]->kind, FleetNewsItem::Kind::removed);
  EXPECT_EQ(items[0]->json, R"({"device_id":"c"})");
  EXPECT_EQ(items[2]->kind, FleetNewsItem::Kind::action);
  EXPECT_EQ(items[2]->json, R"({"time":"1970-01-01T00:00:00Z","kind":"removed","devices":2,"silent_for":3600})");
}

TEST(FleetNews, knows_what_it_missed) {
  FleetBoard board;
  FleetNews news;
  note(board, "a");
  news.follow(board);
  for (std::size_t i = 0; i < FleetBoard::kept_changes + 2; ++i) note(board, "b");
  news.follow(board);
  EXPECT_EQ(news.after(2), std::nullopt);
  EXPECT_EQ(news.after(3)->size(), FleetBoard::kept_changes);
  note(board, "c");
  news.follow(board);
  EXPECT_EQ(news.after(3), std::nullopt);
  EXPECT_EQ(devices_after(news, board.last_number() - 1), std::vector<std::string>{"c"});
}

TEST(FleetNews, has_an_overview_that_is_new_if_more_than_its_time_is) {
  FleetNews news;
  EXPECT_EQ(news.overview_version(), 0u);
  news.set_overview(R"({"time":1,"devices":2})");
  EXPECT_EQ(news.overview_version(), 1u);
  news.set_overview(R"({"time":2,"devices":2})");
  EXPECT_EQ(news.overview_version(), 1u);
  news.set_overview(R"({"time":3,"devices":3})");
  EXPECT_EQ(news.overview_version(), 2u);
  EXPECT_EQ(news.overview(), R"({"time":3,"devices":3})");
}

}  // namespace
}  // namespace ubiety::http
