#include "actors/fleet_board.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

OutageView outage(std::string group, std::int64_t found, std::optional<std::int64_t> ended = std::nullopt) {
  SavedOutage saved;
  saved.group = std::move(group);
  saved.found_at = {found};
  if (ended) saved.ended_at = Timestamp{*ended};
  return {saved, {}};
}

TEST(FleetBoard, has_the_running_outages_that_were_found_first) {
  FleetBoard board;
  board.publish(0, {outage("third", 30), outage("over", 1, 5), outage("first", 10), outage("second", 20)});
  const auto [first, left_out] = board.running_outages(2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].saved.group, "first");
  EXPECT_EQ(first[1].saved.group, "second");
  EXPECT_EQ(left_out, 1u);
  EXPECT_EQ(board.running_outages(3).left_out, 0u);
  EXPECT_EQ(board.running_outages(10).first.size(), 3u);
}

TEST(FleetBoard, has_one_event_of_a_removal_and_each_device_as_a_change) {
  FleetBoard board;
  board.note({1}, MuteEvent{{MuteTarget::Kind::device, "a"}, {}});
  for (std::size_t i = 0; i < 2 * FleetBoard::kept_events; ++i) board.note(DeviceGone{"b" + std::to_string(i)});
  board.note({2}, RemovalEvent{.prefix = "b", .devices = 2 * FleetBoard::kept_events});
  const auto events = board.last_events(FleetBoard::kept_events);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].time, Timestamp{1}) << "no event is pushed out";
  EXPECT_EQ(std::get<RemovalEvent>(events[1].what).prefix, "b");
  const auto changes = board.changes_after(1);
  ASSERT_EQ(changes.size(), 2 * FleetBoard::kept_events + 1);
  EXPECT_EQ(changes.front().number, 2u);
  EXPECT_EQ(std::get<DeviceGone>(changes.front().what).device_id, "b0");
  EXPECT_EQ(changes.back().number, board.last_number());
}

TEST(FleetBoard, keeps_the_last_events) {
  FleetBoard board;
  for (std::int64_t i = 0; i <= static_cast<std::int64_t>(FleetBoard::kept_events); ++i)
    board.note({i}, MuteEvent{{MuteTarget::Kind::device, "a"}, {}});
  EXPECT_EQ(board.last_events(5'000).size(), FleetBoard::kept_events);
  const auto last = board.last_events(2);
  ASSERT_EQ(last.size(), 2u);
  EXPECT_EQ(last[1].time, Timestamp{FleetBoard::kept_events});
  EXPECT_TRUE(board.last_events(0).empty());
}

}  // namespace
}  // namespace ubiety
