#include "actors/store/checkpoint.hpp"

#include <gtest/gtest.h>

#include <map>

#include "support/fakes.hpp"

namespace ubiety {
namespace {

using test::update_of;
using Updates = std::vector<StatusUpdate>;

class CheckpointTest : public ::testing::Test {
 protected:
  bool begin() { return checkpoint_.begin(connection_).ok(); }
  bool write(Updates updates, int watermark) {
    return checkpoint_
        .write({std::make_shared<Updates>(std::move(updates)), noon + test::seconds(watermark)}, connection_)
        .ok();
  }
  bool finish() { return checkpoint_.finish(latest_timestamp, connection_).ok(); }

  // What the checkpoint's table has after all slices.
  std::map<DeviceId, Status> table() const {
    std::map<DeviceId, Status> table;
    for (const auto& slice : store_.checkpoint_slices)
      for (const auto& [device_id, status] : slice) table[device_id] = status;
    return table;
  }

  std::vector<Timestamp> watermarks(std::initializer_list<int> after_noon) const {
    std::vector<Timestamp> times;
    for (const auto second : after_noon) times.push_back(noon + test::seconds(second));
    return times;
  }

  test::FakeStore store_;
  StoreConnection connection_{store_, "test", test::unnoticed};
  ReceiptOrder receipts_;
  Checkpoint checkpoint_{receipts_, nullptr};
};

TEST_F(CheckpointTest, writes_each_part_when_it_comes) {
  ASSERT_TRUE(begin());
  EXPECT_TRUE(store_.checkpoint_slices.empty());
  ASSERT_TRUE(write({update_of("a", 1), update_of("b", 2)}, 9));
  EXPECT_EQ(store_.checkpoint_slices, (std::vector<Updates>{{update_of("a", 1), update_of("b", 2)}}));
  ASSERT_TRUE(write({update_of("c", 3)}, 9));
  EXPECT_EQ(table().size(), 3u);
}

TEST_F(CheckpointTest, advances_to_the_earliest_watermark_and_at_the_end_only) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("a", 1)}, 9));
  ASSERT_TRUE(write({update_of("b", 1)}, 5));
  ASSERT_TRUE(write({update_of("c", 1)}, 7));
  EXPECT_TRUE(store_.watermarks.empty());
  ASSERT_TRUE(finish());
  EXPECT_EQ(store_.watermarks, watermarks({5}));
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({}, 12));
  ASSERT_TRUE(finish());
  EXPECT_EQ(store_.watermarks, watermarks({5, 12}));
}

TEST_F(CheckpointTest, makes_no_transaction_for_nothing) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({}, 2));
  ASSERT_TRUE(finish());
  EXPECT_TRUE(store_.checkpoint_slices.empty());
  EXPECT_EQ(store_.watermarks, watermarks({2}));
}

TEST_F(CheckpointTest, begins_with_what_a_failure_left) {
  ASSERT_TRUE(begin());
  store_.on_checkpoint = []() -> StoreResult<Done> { return test::unavailable(); };
  EXPECT_FALSE(write({update_of("a", 1), update_of("b", 1)}, 3));
  store_.checkpoint_slices.clear();
  EXPECT_FALSE(begin()) << "still away";

  store_.checkpoint_slices.clear();
  store_.on_checkpoint = [] { return Done{}; };
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("b", 4), update_of("c", 4)}, 8));
  ASSERT_TRUE(finish());
  EXPECT_EQ(store_.sessions, 3);
  EXPECT_EQ(store_.checkpoint_slices.size(), 2u);
  EXPECT_EQ(table(),
            (std::map<DeviceId, Status>{
                {"a", update_of("a", 1).status}, {"b", update_of("b", 4).status}, {"c", update_of("c", 4).status}}));
  EXPECT_EQ(store_.watermarks, watermarks({8})) << "all shards gave all that was received before";
}

TEST_F(CheckpointTest, fails_when_the_watermark_cannot_be_written) {
  store_.on_watermark = []() -> StoreResult<Done> { return test::unavailable(); };
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("a", 1)}, 1));
  EXPECT_FALSE(finish());
  store_.on_watermark = [] { return Done{}; };
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({}, 6));
  ASSERT_TRUE(finish());
  EXPECT_EQ(store_.checkpoint_slices.size(), 1u);
  EXPECT_EQ(store_.watermarks.back(), noon + test::seconds(6));
}

TEST_F(CheckpointTest, keeps_the_part_while_the_store_is_away) {
  ASSERT_TRUE(begin());
  store_.reachable = false;
  EXPECT_FALSE(write({update_of("a", 1)}, 1));
  store_.reachable = true;
  ASSERT_TRUE(begin());
  EXPECT_EQ(table().size(), 1u);
}

TEST_F(CheckpointTest, takes_the_watermark_no_further_than_it_may) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("a", 1)}, 9));
  ASSERT_TRUE(checkpoint_.finish(noon + test::seconds(3), connection_));
  EXPECT_EQ(store_.watermarks, watermarks({3}));
  EXPECT_EQ(receipts_.floor(), noon + test::seconds(3));
}

TEST_F(CheckpointTest, leaves_the_watermark_when_times_of_receipt_stepped_back_during_the_round) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("a", 1)}, 9));
  ASSERT_TRUE(receipts_.step_back(noon));
  EXPECT_FALSE(finish());
  EXPECT_TRUE(store_.watermarks.empty());
  ASSERT_TRUE(begin());
  EXPECT_EQ(checkpoint_.handed_over(), noon);
}

TEST_F(CheckpointTest, lets_times_of_receipt_step_back_once_the_watermark_is_lower) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("a", 1)}, 9));
  ASSERT_TRUE(finish());
  EXPECT_FALSE(receipts_.step_back(noon));
  ASSERT_TRUE(checkpoint_.lower_watermark(noon, connection_));
  EXPECT_EQ(store_.watermarks, watermarks({9, 0}));
  EXPECT_TRUE(receipts_.step_back(noon));
}

TEST_F(CheckpointTest, a_start_lowers_a_watermark_that_is_ahead_of_the_clock) {
  const auto ahead = noon + test::seconds(1000);
  ASSERT_TRUE(checkpoint_.go_on_after_store({ahead, ahead}, noon, false, connection_));
  EXPECT_EQ(store_.watermarks, watermarks({0}));
  EXPECT_EQ(receipts_.newest_stored(), ahead);
  EXPECT_TRUE(receipts_.step_back(noon));
}

TEST_F(CheckpointTest, a_start_leaves_a_watermark_that_is_not) {
  ASSERT_TRUE(checkpoint_.go_on_after_store({noon, noon}, noon, false, connection_));
  EXPECT_TRUE(store_.watermarks.empty());
  EXPECT_FALSE(receipts_.step_back(noon - std::chrono::microseconds(1)));
}

}  // namespace
}  // namespace ubiety
