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

}  // namespace
}  // namespace ubiety
