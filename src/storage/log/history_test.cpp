#include "storage/log/history_union.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "domain/status.hpp"
#include "storage/log/merge_plan.hpp"
#include "support/generators.hpp"

namespace ubiety::log {
namespace {

using Records = std::vector<Status>;
using std::chrono::seconds;

Status record(int second) { return {noon + seconds(second), noon + seconds(second + 1), -60, 76, true}; }

Records records(int from, int to) {
  Records all;
  for (int second = from; second < to; ++second) all.push_back(record(second));
  return all;
}

HistoryQuery query_of(std::size_t limit) { return {.device_id = "a", .limit = limit}; }

TEST(HistoryUnionTest, needs_no_segment_when_what_is_unmerged_suffices) {
  const HistoryUnion whole(query_of(5), records(10, 16));
  EXPECT_FALSE(whole.needs(noon + seconds(9)));
  const HistoryUnion page_without_one_more(query_of(5), records(10, 15));
  EXPECT_TRUE(page_without_one_more.needs(noon + seconds(9)));
}

TEST(HistoryUnionTest, needs_a_segment_that_reaches_into_the_page) {
  const HistoryUnion whole(query_of(5), records(10, 16));
  EXPECT_TRUE(whole.needs(noon + seconds(10)));
}

TEST(HistoryUnionTest, needs_no_segment_before_its_span) {
  auto query = query_of(5);
  query.since = noon;
  const HistoryUnion whole(query, {});
  EXPECT_FALSE(whole.needs(noon));
  EXPECT_TRUE(whole.needs(noon + seconds(1)));
}

TEST(HistoryUnionTest, has_a_record_once_that_is_merged_and_unmerged) {
  HistoryUnion whole(query_of(5), records(2, 4));
  whole.add(records(0, 3));
  const auto page = whole.page();
  auto expected = records(0, 4);
  std::reverse(expected.begin(), expected.end());
  EXPECT_EQ(page.records, expected);
  EXPECT_FALSE(page.has_more);
}

// What a page has to be, from all records of the device.
HistoryPage expected_page(const HistoryQuery& query, Records all) {
  sort_and_fold(all);
  std::reverse(all.begin(), all.end());
  std::erase_if(all, [&](const Status& each) {
    return (query.since && each.timestamp <= *query.since) || (query.before && each.timestamp >= *query.before) ||
           (query.after && !newest_first(*query.after, each));
  });
  HistoryPage page;
  page.has_more = all.size() > query.limit;
  all.resize(std::min(all.size(), query.limit));
  page.records = all;
  return page;
}

RC_GTEST_PROP(HistoryUnionProperty, is_the_page_of_all_records, ()) {
  std::vector<Records> segments;
  Records all;
  for (int number = *rc::gen::inRange(0, 6); number > 0; --number) {
    auto segment = *rc::gen::nonEmpty(rc::gen::container<Records>(test::any_status()));
    sort_and_fold(segment);
    all.insert(all.end(), segment.begin(), segment.end());
    segments.push_back(std::move(segment));
  }
  std::sort(segments.begin(), segments.end(),
            [](const Records& left, const Records& right) { return left.back().timestamp > right.back().timestamp; });
  const auto unmerged = *rc::gen::container<Records>(test::any_status());
  all.insert(all.end(), unmerged.begin(), unmerged.end());

  auto query = query_of(*rc::gen::inRange<std::size_t>(1, 8));
  if (*rc::gen::arbitrary<bool>()) query.since = *test::device_time();
  if (*rc::gen::arbitrary<bool>()) query.before = *test::device_time();
  auto folded = all;
  sort_and_fold(folded);
  if (!folded.empty() && *rc::gen::arbitrary<bool>()) query.after = *rc::gen::elementOf(folded);

  HistoryUnion whole(query, unmerged);
  for (const auto& segment : segments) {
    if (!whole.needs(segment.back().timestamp)) break;
    whole.add(segment);
  }
  const auto page = whole.page(), expected = expected_page(query, all);
  RC_ASSERT(page.records == expected.records);
  RC_ASSERT(page.has_more == expected.has_more);
}

}  // namespace
}  // namespace ubiety::log
