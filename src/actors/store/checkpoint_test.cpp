#include "actors/store/checkpoint.hpp"

#include <gtest/gtest.h>

#include <map>

#include "support/faulty_store.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

using test::Fault;
using test::update_of;
using Updates = std::vector<StatusUpdate>;
using Table = std::map<DeviceId, Status>;

class CheckpointTest : public ::testing::Test {
 protected:
  bool begin() { return checkpoint_.begin(connection_).ok(); }
  bool write(Updates updates, int watermark) {
    return checkpoint_.write({std::make_shared<Updates>(std::move(updates)), after_noon(watermark)}, connection_).ok();
  }
  bool finish() { return checkpoint_.finish(latest_timestamp, connection_).ok(); }

  static Table table_of(const Updates& updates) {
    Table table;
    for (const auto& [device_id, status] : updates) table[device_id] = status;
    return table;
  }

  static Timestamp after_noon(int seconds) { return noon + test::seconds(seconds); }
  static std::vector<Timestamp> watermarks(std::initializer_list<int> seconds_after_noon) {
    std::vector<Timestamp> times;
    for (const auto second : seconds_after_noon) times.push_back(after_noon(second));
    return times;
  }

  void begin_with_what_a_failure_left(Fault fault);
  void write_the_watermark_after_a_failure(Fault fault);

  test::FaultyStore store_;
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
  EXPECT_EQ(store_.checkpoint_slices.size(), 2u);
  EXPECT_EQ(store_.checkpoint(), table_of({update_of("a", 1), update_of("b", 2), update_of("c", 3)}));
  EXPECT_EQ(store_.watermark(), Timestamp{}) << "not before the end of the round";
}

TEST_F(CheckpointTest, advances_to_the_earliest_watermark_and_at_the_end_only) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("a", 1)}, 9));
  ASSERT_TRUE(write({update_of("b", 1)}, 5));
  ASSERT_TRUE(write({update_of("c", 1)}, 7));
  EXPECT_TRUE(store_.watermarks.empty());
  EXPECT_EQ(store_.watermark(), Timestamp{});
  ASSERT_TRUE(finish());
  EXPECT_EQ(store_.watermarks, watermarks({5}));
  EXPECT_EQ(store_.watermark(), after_noon(5));
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({}, 12));
  ASSERT_TRUE(finish());
  EXPECT_EQ(store_.watermarks, watermarks({5, 12}));
  EXPECT_EQ(store_.watermark(), after_noon(12));
}

TEST_F(CheckpointTest, makes_no_transaction_for_nothing) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({}, 2));
  ASSERT_TRUE(finish());
  EXPECT_TRUE(store_.checkpoint_slices.empty());
  EXPECT_TRUE(store_.checkpoint().empty());
  EXPECT_EQ(store_.watermarks, watermarks({2}));
  EXPECT_EQ(store_.watermark(), after_noon(2));
}

void CheckpointTest::begin_with_what_a_failure_left(Fault fault) {
  const Updates part{update_of("a", 1), update_of("b", 1)};
  const auto written = fault == Fault::after ? table_of(part) : Table{};
  ASSERT_TRUE(begin());
  store_.checkpoint_fault = fault;
  EXPECT_FALSE(write(part, 3));
  EXPECT_EQ(store_.checkpoint(), written);
  EXPECT_FALSE(begin()) << "still away";
  EXPECT_EQ(store_.checkpoint(), written);

  store_.checkpoint_slices.clear();
  store_.checkpoint_fault = Fault::none;
  ASSERT_TRUE(begin());
  EXPECT_EQ(store_.checkpoint(), table_of(part));
  ASSERT_TRUE(write({update_of("b", 4), update_of("c", 4)}, 8));
  ASSERT_TRUE(finish());
  EXPECT_EQ(store_.sessions, 3);
  EXPECT_EQ(store_.checkpoint_slices.size(), 2u);
  EXPECT_EQ(store_.checkpoint(), table_of({update_of("a", 1), update_of("b", 4), update_of("c", 4)}));
  EXPECT_EQ(store_.watermarks, watermarks({8})) << "all shards gave all that was received before";
  EXPECT_EQ(store_.watermark(), after_noon(8));
}

TEST_F(CheckpointTest, begins_with_the_part_that_a_failure_left_unwritten) {
  begin_with_what_a_failure_left(Fault::before);
}

TEST_F(CheckpointTest, begins_with_a_part_of_unknown_outcome) { begin_with_what_a_failure_left(Fault::after); }

void CheckpointTest::write_the_watermark_after_a_failure(Fault fault) {
  store_.watermark_fault = fault;
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("a", 1)}, 1));
  EXPECT_FALSE(finish());
  EXPECT_EQ(store_.watermark(), fault == Fault::after ? after_noon(1) : Timestamp{});
  store_.watermark_fault = Fault::none;
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({}, 6));
  ASSERT_TRUE(finish());
  EXPECT_EQ(store_.checkpoint_slices.size(), 1u);
  EXPECT_EQ(store_.checkpoint(), table_of({update_of("a", 1)}));
  EXPECT_EQ(store_.watermarks.back(), after_noon(6));
  EXPECT_EQ(store_.watermark(), after_noon(6));
}

TEST_F(CheckpointTest, fails_when_the_watermark_cannot_be_written) {
  write_the_watermark_after_a_failure(Fault::before);
}

TEST_F(CheckpointTest, fails_when_it_is_unknown_whether_the_watermark_was_written) {
  write_the_watermark_after_a_failure(Fault::after);
}

TEST_F(CheckpointTest, keeps_the_part_while_the_store_is_away) {
  ASSERT_TRUE(begin());
  store_.is_reachable = false;
  EXPECT_FALSE(write({update_of("a", 1)}, 1));
  EXPECT_TRUE(store_.checkpoint().empty());
  store_.is_reachable = true;
  ASSERT_TRUE(begin());
  EXPECT_EQ(store_.checkpoint(), table_of({update_of("a", 1)}));
}

TEST_F(CheckpointTest, takes_the_watermark_no_further_than_it_may) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("a", 1)}, 9));
  ASSERT_TRUE(checkpoint_.finish(after_noon(3), connection_));
  EXPECT_EQ(store_.watermarks, watermarks({3}));
  EXPECT_EQ(store_.watermark(), after_noon(3));
  EXPECT_EQ(receipts_.floor(), after_noon(3));
}

TEST_F(CheckpointTest, leaves_the_watermark_when_times_of_receipt_stepped_back_during_the_round) {
  ASSERT_TRUE(begin());
  ASSERT_TRUE(write({update_of("a", 1)}, 9));
  ASSERT_TRUE(receipts_.step_back(noon));
  EXPECT_FALSE(finish());
  EXPECT_TRUE(store_.watermarks.empty());
  EXPECT_EQ(store_.watermark(), Timestamp{});
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
  EXPECT_EQ(store_.watermark(), noon);
  EXPECT_TRUE(receipts_.step_back(noon));
}

TEST_F(CheckpointTest, a_start_lowers_a_watermark_that_is_ahead_of_the_clock) {
  const auto ahead = after_noon(1000);
  ASSERT_TRUE(store_.open_beside()->set_watermark(ahead));
  ASSERT_TRUE(checkpoint_.go_on_after_store({ahead, ahead}, noon, false, connection_));
  EXPECT_EQ(store_.watermarks, watermarks({0}));
  EXPECT_EQ(store_.watermark(), noon);
  EXPECT_EQ(receipts_.newest_stored(), ahead);
  EXPECT_TRUE(receipts_.step_back(noon));
}

TEST_F(CheckpointTest, a_start_leaves_a_watermark_that_is_not) {
  ASSERT_TRUE(store_.open_beside()->set_watermark(noon));
  ASSERT_TRUE(checkpoint_.go_on_after_store({noon, noon}, noon, false, connection_));
  EXPECT_TRUE(store_.watermarks.empty());
  EXPECT_EQ(store_.watermark(), noon);
  EXPECT_FALSE(receipts_.step_back(noon - std::chrono::microseconds(1)));
}

}  // namespace
}  // namespace ubiety
