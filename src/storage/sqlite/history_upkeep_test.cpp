// Compaction of closed days, and expiry.
#include <gmock/gmock.h>

#include "support/sqlite_session.hpp"

namespace ubiety::test {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class SqliteHistoryUpkeepTest : public SqliteSessionFixture {
 protected:
  // Each time an update of each device, so that a device has twenty segments.
  void merge_twenty_times(int devices) {
    for (int i = 0; i < 20; ++i) {
      std::vector<StatusUpdate> updates;
      for (int device = 0; device < devices; ++device)
        updates.push_back(update("device-" + std::to_string(device), i, i));
      append(updates);
      merge();
    }
  }
};

TEST_F(SqliteHistoryUpkeepTest, closed_days_are_compacted_and_late_data_too) {
  for (int i = 0; i < 20; ++i) {
    append({update("a", i, i), update("b", i, i)});
    merge();
  }
  EXPECT_EQ(number("SELECT count(*) FROM device_history"), 40);
  EXPECT_FALSE(session_->compact(at(100))->has_more) << "the day is not closed";
  Compacted all;
  for (bool has_more = true; has_more;) {
    const auto step = session_->compact(at(86'400));
    ASSERT_TRUE(step) << step.error().message;
    all.segments_before += step->segments_before;
    all.segments_after += step->segments_after;
    has_more = step->has_more;
  }
  EXPECT_EQ(all.segments_before, 40U);
  EXPECT_EQ(all.segments_after, 2U);
  EXPECT_THAT(history("a"), SizeIs(20));
  EXPECT_EQ(session_->compact(at(86'400))->backlog, 0U);
  append({update("b", 5, 90'000, 7), update("c", 5, 90'000)});
  merge();
  EXPECT_EQ(number("SELECT count(*) FROM device_history"), 4);
  while (session_->compact(at(86'400))->has_more) {
  }
  EXPECT_EQ(number("SELECT count(*) FROM device_history"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM segment"), 3);
  EXPECT_THAT(history("b"), SizeIs(21));
}

// An append waits for one transaction of a compaction at most, so a step must not have two.
TEST_F(SqliteHistoryUpkeepTest, each_step_is_one_transaction) {
  constexpr int devices = 300;
  merge_twenty_times(devices);
  const auto version = [this] { return number("SELECT version FROM merge_progress"); };
  int steps = 0;
  for (bool has_more = true; has_more; ++steps) {
    const auto before = version();
    const auto step = session_->compact(at(86'400));
    ASSERT_TRUE(step) << step.error().message;
    EXPECT_LE(version(), before + 1);
    has_more = step->has_more;
  }
  EXPECT_GT(steps, 3);
  EXPECT_EQ(number("SELECT count(*) FROM segment"), devices);
}

TEST_F(SqliteHistoryUpkeepTest, a_day_is_compacted_whole_when_the_day_before_expires_halfway) {
  constexpr int devices = 50;
  constexpr int day = 86'400;
  for (int i = 0; i < 20; ++i) {
    std::vector<StatusUpdate> updates;
    for (int device = 0; device < devices; ++device)
      for (const int begin : {0, day})
        updates.push_back(update("device-" + std::to_string(device), begin + i, begin + i));
    append(updates);
    merge();
  }
  ASSERT_TRUE(session_->compact(at(2 * day))) << "it finds devices of the first day";
  while (session_->expire(at(day))->has_more) {
  }
  for (int steps = 0; session_->compact(at(2 * day))->has_more; ++steps) ASSERT_LT(steps, 1000);
  EXPECT_EQ(number("SELECT count(*) FROM segment"), devices);
}

TEST_F(SqliteHistoryUpkeepTest, the_file_shrinks_when_a_day_is_compacted) {
  constexpr int devices = 500;
  merge_twenty_times(devices);
  const auto pages_before = number("PRAGMA page_count");
  bool has_more = true;
  for (int steps = 0; has_more && steps < 1000; ++steps) {
    const auto step = session_->compact(at(86'400));
    ASSERT_TRUE(step) << step.error().message;
    has_more = step->has_more;
  }
  EXPECT_FALSE(has_more);
  EXPECT_LT(32 * number("PRAGMA freelist_count"), number("PRAGMA page_count"));
  EXPECT_LT(number("PRAGMA page_count"), pages_before / 2);
  EXPECT_THAT(history("device-7"), SizeIs(20));
}

TEST_F(SqliteHistoryUpkeepTest, whole_days_expire) {
  append({update("a", -100'000, 1), update("a", -1, 1), update("a", 0, 1), update("b", -1, 1)});
  EXPECT_EQ(session_->expire(at(0))->records, 0U) << "the log stays";
  merge();
  const auto expired = session_->expire(at(0));
  ASSERT_TRUE(expired) << expired.error().message;
  EXPECT_EQ(expired->records, 3U);
  EXPECT_FALSE(expired->has_more);
  EXPECT_THAT(history("a"), SizeIs(1));
  EXPECT_THAT(history("b"), IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM history_day"), 1);
  EXPECT_EQ(load().latest.size(), 2U);
}

}  // namespace
}  // namespace ubiety::test
