#include "actors/checkpoint.hpp"

#include <gtest/gtest.h>

#include <map>

#include "unit/actors/fakes.hpp"

namespace ubiety {
namespace {

using test::update_of;
using Updates = std::vector<StatusUpdate>;

class CheckpointTest : public ::testing::Test {
 protected:
  void take(Updates updates, int watermark) {
    checkpoint_.take({std::make_shared<Updates>(std::move(updates)), noon + test::seconds(watermark)});
  }

  bool write() { return checkpoint_.write(connection_).ok(); }

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
  Checkpoint checkpoint_;
};

TEST_F(CheckpointTest, WritesWhatWasTakenFromAllShards) {
  take({update_of("a", 1), update_of("b", 2)}, 9);
  take({update_of("c", 3)}, 9);
  ASSERT_TRUE(write());
  EXPECT_EQ(table(),
            (std::map<DeviceId, Status>{
                {"a", update_of("a", 1).status}, {"b", update_of("b", 2).status}, {"c", update_of("c", 3).status}}));
}

TEST_F(CheckpointTest, AdvancesToTheEarliestWatermark) {
  take({}, 9);
  take({}, 5);
  take({}, 7);
  ASSERT_TRUE(write());
  EXPECT_EQ(store_.watermarks, watermarks({5}));
  take({}, 12);
  ASSERT_TRUE(write());
  EXPECT_EQ(store_.watermarks, watermarks({5, 12}));
}

TEST_F(CheckpointTest, WritesEachDeviceOnceAndAsItWasLast) {
  take({update_of("a", 1)}, 1);
  take({update_of("a", 2)}, 2);
  ASSERT_TRUE(write());
  EXPECT_EQ(store_.checkpoint_slices, (std::vector<Updates>{{update_of("a", 2)}}));
}

TEST_F(CheckpointTest, WritesNothingTwice) {
  take({update_of("a", 1)}, 1);
  ASSERT_TRUE(write());
  take({}, 2);
  ASSERT_TRUE(write());
  EXPECT_EQ(store_.checkpoint_slices.size(), 1u);
  EXPECT_EQ(store_.watermarks, watermarks({1, 2}));
}

TEST_F(CheckpointTest, WritesInSlices) {
  Updates updates;
  for (int i = 0; i < 4500; ++i) updates.push_back(update_of("device-" + std::to_string(i), i));
  take(updates, 1);
  ASSERT_TRUE(write());
  EXPECT_GT(store_.checkpoint_slices.size(), 1u);
  std::size_t written = 0;
  for (const auto& slice : store_.checkpoint_slices) {
    EXPECT_FALSE(slice.empty());
    EXPECT_LE(slice.size(), 2000u);
    written += slice.size();
  }
  EXPECT_EQ(written, updates.size());
  EXPECT_EQ(table().size(), updates.size());
}

TEST_F(CheckpointTest, AdvancesTheWatermarkAfterTheStatusesOnly) {
  store_.on_checkpoint = [this]() -> StoreResult<Done> {
    EXPECT_TRUE(store_.watermarks.empty());
    return Done{};
  };
  take({update_of("a", 1)}, 1);
  ASSERT_TRUE(write());
  EXPECT_EQ(store_.watermarks.size(), 1u);
}

TEST_F(CheckpointTest, WritesTheNextTimeWhatAFailureLeft) {
  store_.on_checkpoint = []() -> StoreResult<Done> { return test::unavailable(); };
  take({update_of("a", 1), update_of("b", 1)}, 3);
  EXPECT_FALSE(write());
  EXPECT_TRUE(store_.watermarks.empty());

  store_.checkpoint_slices.clear();
  store_.on_checkpoint = [] { return Done{}; };
  take({update_of("b", 4), update_of("c", 4)}, 8);
  ASSERT_TRUE(write());
  EXPECT_EQ(store_.sessions, 2);
  EXPECT_EQ(table(),
            (std::map<DeviceId, Status>{
                {"a", update_of("a", 1).status}, {"b", update_of("b", 4).status}, {"c", update_of("c", 4).status}}));
  ASSERT_EQ(store_.watermarks.size(), 1u);
  EXPECT_LE(store_.watermarks.front(), noon + test::seconds(8));
}

TEST_F(CheckpointTest, GoesOnBehindTheSlicesThatWereWritten) {
  Updates updates;
  for (int i = 0; i < 4500; ++i) updates.push_back(update_of("device-" + std::to_string(i), i));
  store_.on_checkpoint = [this]() -> StoreResult<Done> {
    if (store_.checkpoint_slices.size() == 2) return test::unavailable();
    return Done{};
  };
  take(updates, 1);
  EXPECT_FALSE(write());
  ASSERT_EQ(store_.checkpoint_slices.size(), 2u);
  ASSERT_TRUE(write());
  std::size_t written = 0;
  for (const auto& slice : store_.checkpoint_slices) written += slice.size();
  written -= store_.checkpoint_slices[1].size();  // which failed
  EXPECT_EQ(written, updates.size());
  EXPECT_EQ(table().size(), updates.size());
  EXPECT_EQ(store_.watermarks, watermarks({1}));
}

TEST_F(CheckpointTest, FailsWhenTheWatermarkCannotBeWritten) {
  store_.on_watermark = []() -> StoreResult<Done> { return test::unavailable(); };
  take({update_of("a", 1)}, 1);
  EXPECT_FALSE(write());
  store_.on_watermark = [] { return Done{}; };
  take({}, 6);
  ASSERT_TRUE(write());
  EXPECT_EQ(store_.checkpoint_slices.size(), 1u);
  EXPECT_EQ(store_.watermarks, watermarks({1, 6}));
}

TEST_F(CheckpointTest, KeepsAllWhileTheStoreIsAway) {
  store_.reachable = false;
  take({update_of("a", 1)}, 1);
  EXPECT_FALSE(write());
  store_.reachable = true;
  ASSERT_TRUE(write());
  EXPECT_EQ(table().size(), 1u);
}

}  // namespace
}  // namespace ubiety
