#include "storage/log/merge_plan.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "domain/status.hpp"
#include "support/generators.hpp"

namespace ubiety::log {
namespace {

using Records = std::vector<Status>;
using std::chrono::seconds;

constexpr std::size_t max_records = 288;

Status record(Timestamp timestamp, int battery_level = 76) {
  return {timestamp, timestamp + seconds(1), -60, static_cast<std::uint8_t>(battery_level), true};
}

std::vector<std::size_t> sizes_of(const std::vector<std::span<const Status>>& segments) {
  std::vector<std::size_t> sizes;
  for (const auto& segment : segments) sizes.push_back(segment.size());
  return sizes;
}

constexpr Timestamp midnight{1'764'028'800'000'000};  // 2025-11-25T00:00:00Z

TEST(MergePlan, makes_one_segment_of_a_few_records) {
  EXPECT_EQ(sizes_of(plan_segments(Records{record(noon), record(noon + seconds(1))}, max_records)),
            (std::vector<std::size_t>{2}));
  EXPECT_TRUE(plan_segments({}, max_records).empty());
}

TEST(MergePlan, divides_at_midnight) {
  const Records records{record(midnight - std::chrono::microseconds(1)), record(midnight),
                        record(midnight + seconds(1))};
  EXPECT_EQ(sizes_of(plan_segments(records, max_records)), (std::vector<std::size_t>{1, 2}));
}

TEST(MergePlan, divides_at_midnight_before_1970_too) {
  const Records records{record({-1}), record({0})};
  EXPECT_EQ(sizes_of(plan_segments(records, max_records)), (std::vector<std::size_t>{1, 1}));
}

TEST(MergePlan, divides_what_is_too_much_for_one_segment) {
  Records records;
  for (std::size_t i = 0; i < 2 * max_records + 1; ++i) records.push_back(record(noon + i * seconds(1)));
  EXPECT_EQ(sizes_of(plan_segments(records, max_records)), (std::vector<std::size_t>{max_records, max_records, 1}));
}

TEST(MergePlan, never_divides_equal_timestamps) {
  Records records;
  for (std::size_t i = 0; i < max_records - 1; ++i) records.push_back(record(noon + i * seconds(1)));
  const auto last = records.back().timestamp + seconds(1);
  for (int level = 0; level < 3; ++level) records.push_back(record(last, level));
  EXPECT_EQ(sizes_of(plan_segments(records, max_records)), (std::vector<std::size_t>{max_records - 1, 3}));
}

TEST(MergePlan, makes_a_larger_segment_of_more_equal_timestamps) {
  Records records;
  for (std::size_t i = 0; i < max_records + 10; ++i) {
    auto same = record(noon);
    same.received = noon + i * seconds(1);
    records.push_back(same);
  }
  records.push_back(record(noon + seconds(1)));
  EXPECT_EQ(sizes_of(plan_segments(records, max_records)), (std::vector<std::size_t>{max_records + 10, 1}));
}

TEST(MergePlan, folds_exact_repetitions_into_the_first_received) {
  auto first = record(noon), repetition = first, other = record(noon, 50);
  repetition.received = first.received + seconds(10);
  other.received = first.received + seconds(5);
  Records records{repetition, other, first, repetition};
  sort_and_fold(records);
  EXPECT_EQ(records, (Records{first, other}));
}

RC_GTEST_PROP(MergePlanProperty, keeps_each_report_once_in_order, ()) {
  auto records = *rc::gen::container<Records>(test::any_status());
  const auto given = records;
  sort_and_fold(records);
  RC_ASSERT(std::is_sorted(records.begin(), records.end(), oldest_first));
  for (const auto& kept : records) {
    RC_ASSERT(std::count_if(records.begin(), records.end(),
                            [&](const auto& other) { return same_report(kept, other); }) == 1);
    RC_ASSERT(std::none_of(given.begin(), given.end(), [&](const auto& other) {
      return same_report(kept, other) && other.received < kept.received;
    }));
  }
  for (const auto& each : given)
    RC_ASSERT(std::any_of(records.begin(), records.end(), [&](const auto& kept) { return same_report(kept, each); }));
}

RC_GTEST_PROP(MergePlanProperty, divides_all_records_into_segments_of_a_day, ()) {
  const auto seconds_of_day = rc::gen::oneOf(rc::gen::inRange(0, 3 * 86'400), rc::gen::inRange(0, 20));
  Records records;
  for (int left = *rc::gen::inRange(0, 1000); left > 0; --left) {
    const auto second = *seconds_of_day;
    records.push_back(record(noon + second * seconds(1), second % 7));
  }
  std::sort(records.begin(), records.end(), oldest_first);
  Records joined;
  auto last = earliest_timestamp;
  for (const auto& segment : plan_segments(records, max_records)) {
    RC_ASSERT(!segment.empty());
    RC_ASSERT(last < segment.front().timestamp);
    RC_ASSERT((segment.front().timestamp.microseconds / 86'400'000'000) ==
              (segment.back().timestamp.microseconds / 86'400'000'000));
    const bool is_of_one_time = segment.front().timestamp == segment.back().timestamp;
    RC_ASSERT((segment.size() <= max_records || is_of_one_time));
    joined.insert(joined.end(), segment.begin(), segment.end());
    last = segment.back().timestamp;
  }
  RC_ASSERT(joined == records);
}

}  // namespace
}  // namespace ubiety::log
