#include "storage/sqlite/unmerged_updates.hpp"

#include <gmock/gmock.h>

namespace ubiety::sqlite {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

StatusUpdate update(const std::string& device_id, std::int64_t timestamp) {
  return {device_id, {{timestamp}, {timestamp + 1000}, -60, 50, true}};
}

Timestamp nothing_in_table(const DeviceId&) { return {0}; }

class UnmergedUpdatesTest : public ::testing::Test {
 protected:
  void log(std::int64_t row, const StatusUpdate& update) {
    unmerged_.add(row, update, nothing_in_table);
    unmerged_.advance_to_row(row);
  }

  UnmergedUpdates::Matching matching(HistoryQuery query, std::size_t most = 10) {
    query.device_id = "b";
    return unmerged_.matching(query, most);
  }

  UnmergedUpdates unmerged_{100};
};

TEST_F(UnmergedUpdatesTest, are_merged_in_the_order_of_the_key) {
  log(1, update("b", 10));
  log(2, update("a", 20));
  log(3, update("b", 30));
  log(4, update("a", 40));  // after the merge began
  MergeProgress progress;
  progress.begin_merge(3);
  EXPECT_THAT(unmerged_.next_to_merge(progress, 2), ElementsAre(update("a", 20), update("b", 10)));
  progress.merge_to(update("b", 10));
  unmerged_.advance(progress);
  EXPECT_THAT(unmerged_.all(), ElementsAre(update("a", 40), update("b", 30)));
  EXPECT_THAT(unmerged_.next_to_merge(progress, 2), ElementsAre(update("b", 30)));
  progress.end_merge();
  unmerged_.advance(progress);
  EXPECT_THAT(unmerged_.all(), ElementsAre(update("a", 40)));
  EXPECT_EQ(unmerged_.size(), 1U);
}

TEST_F(UnmergedUpdatesTest, are_forgotten_when_another_session_merged_them) {
  for (int i = 1; i <= 9; ++i) log(i, update(i % 2 == 0 ? "a" : "b", i));
  MergeProgress elsewhere{
      .version = 7, .merged_through = 4, .merging_through = 8, .merging_device = "b", .merging_timestamp = {5}};
  unmerged_.advance(elsewhere);
  EXPECT_THAT(unmerged_.all(), ElementsAre(update("b", 7), update("b", 9)));
}

TEST_F(UnmergedUpdatesTest, are_to_be_merged_when_many_gathered_or_of_many_devices) {
  for (int i = 1; i < 100; ++i) log(i, update("a", i));
  EXPECT_FALSE(unmerged_.are_to_be_merged());
  log(100, update("a", 100));
  EXPECT_TRUE(unmerged_.are_to_be_merged());

  UnmergedUpdates scattered{100};
  for (int i = 1; i <= 25; ++i) {
    EXPECT_FALSE(scattered.are_to_be_merged());
    scattered.add(i, update(std::to_string(i), i), nothing_in_table);
  }
  EXPECT_TRUE(scattered.are_to_be_merged());
}

TEST_F(UnmergedUpdatesTest, match_a_query_newest_first) {
  for (int i = 1; i <= 5; ++i) log(i, update("b", i));
  log(6, update("a", 6));
  const auto status = [](std::int64_t timestamp) { return update("b", timestamp).status; };
  EXPECT_THAT(matching({}, 2).records, ElementsAre(status(5), status(4)));
  EXPECT_EQ(matching({}, 2).count, 5U);
  const auto between = matching({.device_id = {}, .since = Timestamp{1}, .before = Timestamp{5}, .after = {}});
  EXPECT_THAT(between.records, ElementsAre(status(4), status(3), status(2)));
  EXPECT_EQ(between.count, 3U);
  const auto page = matching({.device_id = {}, .since = {}, .before = {}, .after = status(3)});
  EXPECT_THAT(page.records, ElementsAre(status(2), status(1)));
  EXPECT_EQ(page.count, 5U);
  EXPECT_EQ(matching({.device_id = {}, .since = Timestamp{5}, .before = Timestamp{5}, .after = {}}).count, 0U);
}

TEST_F(UnmergedUpdatesTest, leave_when_their_repetition_is_settled) {
  log(1, update("b", 10));
  auto repeated = update("b", 10);
  repeated.status.received = {5000};
  EXPECT_EQ(unmerged_.repetition_of(repeated), update("b", 10).status);
  unmerged_.settle(repeated);
  EXPECT_EQ(unmerged_.repetition_of(repeated), std::nullopt);
  EXPECT_THAT(unmerged_.all(), IsEmpty());
}

}  // namespace
}  // namespace ubiety::sqlite
