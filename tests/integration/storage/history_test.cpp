#include <gmock/gmock.h>

#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class History : public EachStore {
 protected:
  HistoryPage page(const HistoryQuery& query) {
    auto result = session_->history(query);
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }

  static HistoryQuery query(std::size_t limit = 50) {
    return {.device_id = "sensor", .limit = limit, .since = {}, .before = {}, .after = {}};
  }

  std::unique_ptr<Session> session_ = open_session();
};
UBIETY_WITH_EACH_STORE(History);

std::vector<int> battery_levels(const HistoryPage& page) {
  std::vector<int> levels;
  for (const auto& record : page.records) levels.push_back(record.battery_level);
  return levels;
}

TEST_P(History, is_empty_for_an_unknown_device) {
  const auto found = page(query());
  EXPECT_THAT(found.records, IsEmpty());
  EXPECT_EQ(found.total_records, 0U);
  EXPECT_FALSE(found.has_more);
}

TEST_P(History, is_newest_first_and_of_one_device) {
  commit_fresh(*session_, {update("sensor", 1, 1, 1), update("sensor", 3, 3, 3), update("sensor", 2, 2, 2),
                           update("sensors", 9, 9, 9), update("Sensor", 9, 9, 9)});
  EXPECT_THAT(battery_levels(page(query())), ElementsAre(3, 2, 1));
}

TEST_P(History, reaches_over_partitions) {
  constexpr int day = 86'400;
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  commit_fresh(*session_, {update("sensor", -700 * day, 1, 1), update("sensor", -day, 2, 2), update("sensor", 0, 3, 3),
                           update("sensor", day, 4, 4), update("sensor", 700 * day, 5, 5)});
  const auto found = page(query(3));
  EXPECT_THAT(battery_levels(found), ElementsAre(5, 4, 3));
  EXPECT_EQ(found.total_records, 5U);
  EXPECT_TRUE(found.has_more);
}

TEST_P(History, excludes_since_and_before) {
  for (int i = 0; i < 6; ++i) commit_fresh(*session_, {update("sensor", i, i, i)});
  auto between = query();
  between.since = at(1);
  between.before = at(4);
  const auto found = page(between);
  EXPECT_THAT(battery_levels(found), ElementsAre(3, 2));
  EXPECT_EQ(found.total_records, 2U);
}

TEST_P(History, counts_all_that_match_whatever_the_page) {
  for (int i = 0; i < 7; ++i) commit_fresh(*session_, {update("sensor", i, i, i)});
  auto second = query(3);
  second.after = page(second).records.back();
  const auto found = page(second);
  EXPECT_THAT(battery_levels(found), ElementsAre(3, 2, 1));
  EXPECT_EQ(found.total_records, 7U);
  EXPECT_TRUE(found.has_more);
}

TEST_P(History, has_no_more_when_the_page_is_just_full) {
  for (int i = 0; i < 3; ++i) commit_fresh(*session_, {update("sensor", i, i, i)});
  EXPECT_FALSE(page(query(3)).has_more);
}

// Twelve records: three times of four records each, received in an order of their own, two at the same instant.
TEST_P(History, neither_skips_nor_doubles_records_of_equal_timestamps) {
  std::vector<StatusUpdate> updates;
  for (int time = 0; time < 3; ++time)
    for (int i = 0; i < 4; ++i) updates.push_back(update("sensor", time, 100 - i / 2, time * 4 + i));
  commit_fresh(*session_, updates);

  const auto all = battery_levels(page(query()));
  EXPECT_THAT(all, ElementsAre(9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2));
  for (std::size_t limit = 1; limit <= all.size(); ++limit) {
    std::vector<int> paged;
    auto next = query(limit);
    for (bool more = true; more;) {
      const auto found = page(next);
      for (const int level : battery_levels(found)) paged.push_back(level);
      next.after = found.records.back();
      more = found.has_more;
    }
    EXPECT_EQ(paged, all) << "limit " << limit;
  }
}

}  // namespace
}  // namespace ubiety::test
