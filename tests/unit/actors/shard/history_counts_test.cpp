#include "actors/shard/history_counts.hpp"

#include <gtest/gtest.h>

#include "unit/actors/fakes.hpp"

namespace ubiety {
namespace {

using test::update_of;

class HistoryCountsTest : public ::testing::Test {
 protected:
  // What a reader would be told; the store counts when it has to.
  std::uint64_t read(const DeviceId& device_id, std::uint64_t in_store) {
    const auto known = counts_.ask(device_id, false);
    if (known.rows) return *known.rows;
    ++counted_;
    if (known.version) counts_.keep(device_id, *known.version, in_store);
    return in_store;
  }

  void commit(const std::vector<StatusUpdate>& fresh, const std::vector<StatusUpdate>& doubtful, bool fresh_are_new) {
    const auto write = write_of(fresh, doubtful);
    counts_.handed_over(write);
    counts_.done(write, fresh_are_new);
  }

  static WriteBatch write_of(const std::vector<StatusUpdate>& fresh, const std::vector<StatusUpdate>& doubtful) {
    WriteBatch write;
    for (const auto& update : fresh) write.fresh.push_back(&update);
    for (const auto& update : doubtful) write.doubtful.push_back(&update);
    return write;
  }

  HistoryCounts counts_;
  int counted_ = 0;
};

TEST_F(HistoryCountsTest, CountsOnceAndAddsWhatIsNew) {
  EXPECT_EQ(read("a", 100), 100u);
  EXPECT_EQ(read("a", 100), 100u);
  commit({update_of("a", 1), update_of("a", 2), update_of("b", 1)}, {}, true);
  EXPECT_EQ(read("a", 102), 102u);
  EXPECT_EQ(counted_, 1);
}

TEST_F(HistoryCountsTest, CountsAgainWhenNobodyKnowsWhatWasNew) {
  read("a", 100);
  commit({update_of("a", 1)}, {}, false);
  EXPECT_EQ(read("a", 101), 101u);
  EXPECT_EQ(counted_, 2);
  commit({update_of("a", 2)}, {update_of("a", 1)}, true);
  EXPECT_EQ(read("a", 102), 102u);
  EXPECT_EQ(counted_, 3);
}

TEST_F(HistoryCountsTest, KeepsNothingThatWasCountedWhileAnUpdateWasOnItsWay) {
  const auto update = update_of("a", 1);
  WriteBatch with_update;
  with_update.fresh.push_back(&update);

  read("a", 100);
  counts_.handed_over(with_update);
  const auto meanwhile = counts_.ask("a", true);
  EXPECT_FALSE(meanwhile.rows);
  EXPECT_FALSE(meanwhile.version) << "the store may count it, and it would be added once more";
  counts_.done(with_update, true);
  EXPECT_EQ(read("a", 101), 101u);
  EXPECT_EQ(counted_, 1);
}

TEST_F(HistoryCountsTest, KeepsNothingOfADeviceFirstReadWhileABatchIsOnItsWay) {
  EXPECT_FALSE(counts_.ask("a", true).version);
  const auto update = update_of("a", 1);
  WriteBatch write;
  write.fresh.push_back(&update);
  counts_.done(write, true);
  EXPECT_EQ(read("a", 7), 7u);
  EXPECT_EQ(read("a", 7), 7u);
  EXPECT_EQ(counted_, 1);
}

TEST_F(HistoryCountsTest, KeepsNothingThatWasAskedBeforeAChange) {
  const auto asked = counts_.ask("a", false);
  commit({update_of("a", 1)}, {}, true);
  counts_.keep("a", asked.version.value(), 100);
  EXPECT_FALSE(counts_.ask("a", false).rows);
  const auto again = counts_.ask("a", false);
  counts_.forget();
  counts_.keep("a", again.version.value(), 101);
  EXPECT_FALSE(counts_.ask("a", false).rows) << "rows were removed since";
}

TEST_F(HistoryCountsTest, CountsAgainAfterRowsWereRemoved) {
  read("a", 100);
  counts_.forget();
  EXPECT_EQ(read("a", 60), 60u);
}

TEST_F(HistoryCountsTest, IsRightForManyMoreDevicesThanItFollows) {
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 25'000; ++i)
      ASSERT_EQ(read("device-" + std::to_string(i), static_cast<std::uint64_t>(i)), static_cast<std::uint64_t>(i));
}

}  // namespace
}  // namespace ubiety
