#include "storage/log/history_buckets.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "support/generators.hpp"

namespace ubiety {
namespace {

using Bucket = HistoryBuckets::Bucket;
using std::chrono::microseconds;
using std::chrono::seconds;

Status record(microseconds since_noon, int battery_level = 50, int rssi = -60, bool online = true) {
  return {noon + since_noon, noon, static_cast<std::int16_t>(rssi), static_cast<std::uint8_t>(battery_level), online};
}

std::vector<std::uint64_t> counts(const HistoryBuckets& buckets) {
  std::vector<std::uint64_t> counts;
  for (const auto& bucket : buckets.buckets()) counts.push_back(bucket.records);
  return counts;
}

TEST(HistoryBucketsTest, have_the_extremes_the_sum_and_how_many_were_online) {
  HistoryBuckets buckets({noon, noon + seconds(20), 2});
  buckets.add(
      std::vector{record(seconds(0), 80, -70), record(seconds(9), 20, -160, false), record(seconds(5), 50, 20)});
  EXPECT_EQ(buckets.buckets()[0], (Bucket{noon, 3, 2, {20, 80, 150}, {-160, 20, -210}}));
  EXPECT_EQ(buckets.buckets()[1], (Bucket{.from = noon + seconds(10)}));
}

TEST(HistoryBucketsTest, begin_with_from_and_end_before_to) {
  HistoryBuckets buckets({noon, noon + seconds(10), 2});
  for (const auto time : {microseconds(-1), microseconds(0), microseconds(4'999'999), microseconds(5'000'000),
                          microseconds(9'999'999), microseconds(10'000'000)})
    buckets.add(std::vector{record(time)});
  EXPECT_EQ(counts(buckets), (std::vector<std::uint64_t>{2, 2}));
}

TEST(HistoryBucketsTest, divide_all_times_without_an_overflow) {
  HistoryBuckets buckets({earliest_timestamp, latest_timestamp, 1000});
  const auto& all = buckets.buckets();
  EXPECT_EQ(all[0].from, earliest_timestamp);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Bucket& a, const Bucket& b) { return a.from < b.from; }));
  const auto width = (latest_timestamp - earliest_timestamp).count() / 1000;
  EXPECT_LE(std::abs((latest_timestamp - all[999].from).count() - width), 1);
}

// The oracle: record i of the span belongs to bucket floor(offset * count / width).
RC_GTEST_PROP(HistoryBucketsProperty, are_equal_parts_of_the_span, ()) {
  const auto width = *rc::gen::inRange<std::int64_t>(1, 500);
  const auto count = *rc::gen::inRange<std::int64_t>(1, std::min<std::int64_t>(width, 20) + 1);
  const auto offsets = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(-5, width + 5));
  std::vector<Status> records;
  for (const auto offset : offsets)
    records.push_back(record(microseconds(offset), *rc::gen::inRange(0, 101), *rc::gen::inRange(-160, 21),
                             *rc::gen::arbitrary<bool>()));
  HistoryBuckets buckets({noon, noon + microseconds(width), static_cast<std::size_t>(count)});
  const auto half = static_cast<std::ptrdiff_t>(records.size() / 2);
  buckets.add({records.begin(), records.begin() + half});
  buckets.add({records.begin() + half, records.end()});

  std::vector<Bucket> expected(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    auto begin = std::int64_t{0};
    while (begin * count / width < i) ++begin;
    expected[static_cast<std::size_t>(i)].from = noon + microseconds(begin);
  }
  for (const auto& each : records) {
    const auto offset = (each.timestamp - noon).count();
    if (offset < 0 || offset >= width) continue;
    auto& bucket = expected[static_cast<std::size_t>(offset * count / width)];
    ++bucket.records;
    if (each.online) ++bucket.online;
    bucket.battery_level.add(each.battery_level);
    bucket.rssi.add(each.rssi);
  }
  RC_ASSERT(buckets.buckets() == expected);
}

}  // namespace
}  // namespace ubiety
