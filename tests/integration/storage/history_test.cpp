// A page of a device's history, made of the segments and of the updates that are not merged.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>

#include "node.hpp"
#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class History : public EachStore {
 protected:
  static HistoryQuery query(std::size_t limit = 50) { return {.device_id = "sensor", .limit = limit}; }

  // Stores the rows, and calls `check` when none is merged, when some are, and when all are.
  void with_each_part_merged(const std::vector<std::vector<StatusUpdate>>& rows, const std::function<void()>& check) {
    std::vector<log::Position> positions;
    for (const auto& row : rows) positions.push_back(node_.append(row));
    check();
    for (const auto& position : positions) {
      SCOPED_TRACE("merged through row " + std::to_string(position.sequence));
      log::Positions through;
      through.raise_to(position);
      expected(node_.merge(through));
      check();
    }
    EXPECT_EQ(node_.unmerged().size(), 0U);
  }

  std::unique_ptr<Session> session_ = open_session();
  Node node_{*session_};
};
UBIETY_WITH_EACH_STORE(History);

std::vector<int> battery_levels(const HistoryPage& page) {
  std::vector<int> levels;
  for (const auto& record : page.records) levels.push_back(record.battery_level);
  return levels;
}

std::vector<std::vector<StatusUpdate>> row_each(const std::vector<StatusUpdate>& updates) {
  std::vector<std::vector<StatusUpdate>> rows;
  for (const auto& update : updates) rows.push_back({update});
  return rows;
}

TEST_P(History, is_empty_for_an_unknown_device) {
  const auto found = node_.page(query());
  EXPECT_THAT(found.records, IsEmpty());
  EXPECT_EQ(found.total_records, 0U);
  EXPECT_FALSE(found.has_more);
}

TEST_P(History, is_newest_first_and_of_one_device) {
  with_each_part_merged({{update("sensor", 1, 1, 1), update("sensor", 3, 3, 3)},
                         {update("sensor", 2, 4, 2), update("sensors", 9, 9, 9)},
                         {update("Sensor", 9, 9, 9)}},
                        [&] { EXPECT_THAT(battery_levels(node_.page(query())), ElementsAre(3, 2, 1)); });
}

TEST_P(History, keeps_every_field) {
  const StatusUpdate given{"sensor", {*parse_timestamp("2026-11-24T08:37:11.123456Z"), at(1), -160, 0, false}};
  with_each_part_merged({{given}}, [&] { EXPECT_THAT(node_.history("sensor"), ElementsAre(given.status)); });
}

TEST_P(History, takes_the_extremes) {
  const std::vector<Status> extremes{{latest_timestamp, at(2), 20, 100, true},
                                     {at(0), latest_timestamp, -60, 0, false},
                                     {earliest_timestamp, at(0), -160, 0, false}};
  with_each_part_merged({{{"sensor", extremes[0]}, {"sensor", extremes[1]}, {"sensor", extremes[2]}}},
                        [&] { EXPECT_EQ(node_.history("sensor"), extremes); });
}

TEST_P(History, reaches_over_partitions) {
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  with_each_part_merged({{update("sensor", -700 * day, 1, 1), update("sensor", -day, 2, 2)},
                         {update("sensor", 0, 3, 3), update("sensor", day, 4, 4)},
                         {update("sensor", 700 * day, 5, 5)}},
                        [&] {
                          const auto found = node_.page(query(3));
                          EXPECT_THAT(battery_levels(found), ElementsAre(5, 4, 3));
                          EXPECT_EQ(found.total_records, 5U);
                          EXPECT_TRUE(found.has_more);
                        });
}

TEST_P(History, excludes_since_and_before) {
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 6; ++i) updates.push_back(update("sensor", i, i, i));
  auto between = query();
  between.since = at(1);
  between.before = at(4);
  with_each_part_merged(row_each(updates), [&] {
    const auto found = node_.page(between);
    EXPECT_THAT(battery_levels(found), ElementsAre(3, 2));
    EXPECT_EQ(found.total_records, 2U);
    EXPECT_FALSE(found.has_more);
  });
}

TEST_P(History, excludes_since_and_before_to_the_microsecond) {
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 4; ++i) {
    updates.push_back(update("sensor", 0, i, i));
    updates.back().status.timestamp = at(0) + std::chrono::microseconds(i);
  }
  auto between = query();
  between.since = at(0);
  between.before = at(0) + std::chrono::microseconds(3);
  with_each_part_merged({updates}, [&] {
    const auto found = node_.page(between);
    EXPECT_THAT(battery_levels(found), ElementsAre(2, 1));
    EXPECT_EQ(found.total_records, 2U);
  });
}

TEST_P(History, may_be_of_a_span_without_records) {
  auto nothing = query();
  nothing.since = at(3);
  nothing.before = at(5);
  auto impossible = query();
  impossible.since = at(5);
  impossible.before = at(3);
  with_each_part_merged({{update("sensor", 0, 0), update("sensor", 9, 9)}}, [&] {
    for (const auto& each : {nothing, impossible}) {
      const auto found = node_.page(each);
      EXPECT_THAT(found.records, IsEmpty());
      EXPECT_EQ(found.total_records, 0U);
      EXPECT_FALSE(found.has_more);
    }
  });
}

TEST_P(History, counts_all_that_match_whatever_the_page) {
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 7; ++i) updates.push_back(update("sensor", i, i, i));
  with_each_part_merged(row_each(updates), [&] {
    auto second = query(3);
    second.after = node_.page(second).records.back();
    const auto found = node_.page(second);
    EXPECT_THAT(battery_levels(found), ElementsAre(3, 2, 1));
    EXPECT_EQ(found.total_records, 7U);
    EXPECT_TRUE(found.has_more);
  });
}

TEST_P(History, has_no_more_when_the_page_is_just_full) {
  with_each_part_merged(row_each({update("sensor", 0, 0), update("sensor", 1, 1), update("sensor", 2, 2)}),
                        [&] { EXPECT_FALSE(node_.page(query(3)).has_more); });
}

TEST_P(History, has_one_record_of_a_repeated_update_with_the_first_receipt) {
  const auto first = update("sensor", 0, 10);
  with_each_part_merged(row_each({first, update("sensor", 0, 20), update("sensor", 5, 25), update("sensor", 0, 30)}),
                        [&] {
                          const auto found = node_.page(query());
                          ASSERT_THAT(found.records, SizeIs(2));
                          EXPECT_EQ(found.records.back(), first.status);
                          EXPECT_EQ(found.total_records, 2U);
                        });
}

TEST_P(History, has_one_record_of_an_update_repeated_long_after_it_was_merged) {
  node_.append({update("sensor", 0, 10)});
  node_.append({update("sensor", 100, 110)});
  node_.merge();
  node_.append({update("sensor", 0, 120)});
  EXPECT_EQ(node_.page(query()).total_records, 2U);
  node_.merge();
  EXPECT_EQ(node_.page(query()).total_records, 2U);
  EXPECT_EQ(node_.history("sensor").back(), update("sensor", 0, 10).status);
}

TEST_P(History, keeps_other_values_at_the_same_time) {
  with_each_part_merged({{update("sensor", 0, 10, 50), update("sensor", 0, 10, 49)}, {update("sensor", 0, 20, 51)}},
                        [&] {
                          EXPECT_THAT(battery_levels(node_.page(query())), ElementsAre(51, 50, 49));
                          EXPECT_EQ(node_.page(query()).total_records, 3U);
                        });
}

// Twelve records: three times of four records each, received in an order of their own, two at the same instant.
TEST_P(History, neither_skips_nor_doubles_records_of_equal_timestamps) {
  std::vector<StatusUpdate> updates;
  for (int time = 0; time < 3; ++time)
    for (int i = 0; i < 4; ++i) updates.push_back(update("sensor", time, 100 - i / 2, time * 4 + i));
  std::rotate(updates.begin(), updates.begin() + 5, updates.end());

  with_each_part_merged(row_each(updates), [&] {
    const auto all = battery_levels(node_.page(query()));
    EXPECT_THAT(all, ElementsAre(9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2));
    for (std::size_t limit = 1; limit <= all.size(); ++limit) {
      std::vector<int> paged;
      auto next = query(limit);
      for (bool more = true; more;) {
        const auto found = node_.page(next);
        ASSERT_FALSE(found.records.empty());
        for (const int level : battery_levels(found)) paged.push_back(level);
        next.after = found.records.back();
        more = found.has_more;
      }
      EXPECT_EQ(paged, all) << "limit " << limit;
    }
  });
}

TEST_P(History, reads_as_many_segments_as_a_page_needs) {
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 2'000; ++i) updates.push_back(update("sensor", i, i, i % 101));
  node_.append(updates);
  node_.merge();
  auto next = query(1000);
  std::vector<Status> paged;
  for (bool more = true; more;) {
    const auto found = node_.page(next);
    EXPECT_EQ(found.total_records, updates.size());
    paged.insert(paged.end(), found.records.begin(), found.records.end());
    next.after = found.records.back();
    more = found.has_more;
  }
  std::vector<Status> all;
  for (auto each = updates.rbegin(); each != updates.rend(); ++each) all.push_back(each->status);
  EXPECT_EQ(paged, all);
}

// One segment covers hours, later ones lie within them.
TEST_P(History, pages_over_segments_that_overlap) {
  for (const int offset : {0, 7, 3}) {
    std::vector<StatusUpdate> updates;
    for (int i = 0; i < 40; ++i) updates.push_back(update("sensor", 10 * i + offset, 1000 + offset));
    node_.append(updates);
    node_.merge();
  }
  auto next = query(7);
  std::vector<Timestamp> times;
  for (bool more = true; more;) {
    const auto found = node_.page(next);
    EXPECT_EQ(found.total_records, 120U);
    for (const auto& record : found.records) times.push_back(record.timestamp);
    next.after = found.records.back();
    more = found.has_more;
  }
  EXPECT_THAT(times, SizeIs(120));
  EXPECT_TRUE(std::is_sorted(times.rbegin(), times.rend()));
}

// The list was looked up before a merge moved its updates.
TEST_P(History, has_updates_once_that_were_merged_in_between) {
  node_.append({update("sensor", 1, 1)});
  node_.append({update("sensor", 2, 2), update("sensor", 3, 3)});
  const auto unmerged = node_.unmerged().of("sensor");
  node_.merge();
  const auto found = expected(session_->history(query(), unmerged));
  EXPECT_THAT(found.records, SizeIs(3));
  EXPECT_EQ(found.total_records, 3U);
}

TEST_P(History, knows_which_records_are_stored) {
  node_.append({update("a", 1, 1, 10), update("a", 2, 2, 20), update("b", 1, 1, 10)});
  node_.merge();
  node_.append({update("c", 1, 1, 10)});
  const std::vector<StatusUpdate> asked{
      update("a", 1, 9, 10),  // received at another time
      update("a", 1, 1, 11),       update("a", 3, 3, 20),
      update("b", 1, 1, 10),       update("c", 1, 1, 10),  // only in the log
      update("unknown", 1, 1, 10),
  };
  EXPECT_THAT(expected(session_->has_records(pointers_to(asked))), ElementsAre(true, false, false, true, false, false));
  EXPECT_THAT(expected(session_->has_records({})), IsEmpty());
}

}  // namespace
}  // namespace ubiety::test
