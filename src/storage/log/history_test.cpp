#include "storage/log/history.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "domain/status.hpp"
#include "storage/log/merge_plan.hpp"
#include "storage/log/repetitions.hpp"
#include "support/generators.hpp"

namespace ubiety::log {
namespace {

using Records = std::vector<Status>;
using std::chrono::seconds;

constexpr StreamId stream = 7;

// Segments in memory, and the rows of the log up to `merged_through` are in them.
class FakeSegments final : public SegmentReader {
 public:
  FakeSegments(HistoryQuery query, std::vector<Records> segments, std::int64_t merged_through = 0)
      : query_(std::move(query)), segments_(std::move(segments)), merged_through_(merged_through) {
    std::sort(segments_.begin(), segments_.end(),
              [](const Records& left, const Records& right) { return left.back().timestamp > right.back().timestamp; });
  }

  bool has_merged(Position position) override { return position.sequence <= merged_through_; }
  std::optional<Timestamp> next() override {
    if (next_ == segments_.size()) return std::nullopt;
    return segments_[next_++].back().timestamp;
  }
  Records records() override {
    ++read_;
    return segments_[next_ - 1];
  }
  std::uint64_t count() override {
    std::ptrdiff_t count = 0;
    for (const auto& segment : segments_)
      count += std::count_if(segment.begin(), segment.end(),
                             [this](const Status& each) { return query_.is_in_span(each.timestamp); });
    return static_cast<std::uint64_t>(count);
  }
  Records records_at(std::span<const Timestamp> times) override {
    ++look_ups_;
    Records found;
    for (const auto& segment : segments_) append_at(times, segment, found);
    return found;
  }

  // The number of segments whose records were asked for.
  int read() const { return read_; }
  int look_ups() const { return look_ups_; }

 private:
  const HistoryQuery query_;
  std::vector<Records> segments_;
  const std::int64_t merged_through_;
  std::size_t next_ = 0;
  int read_ = 0, look_ups_ = 0;
};

Status record(int second) { return {noon + seconds(second), noon + seconds(second + 1), -60, 76, true}; }

Records records(int from, int to) {
  Records all;
  for (int second = from; second < to; ++second) all.push_back(record(second));
  return all;
}

// Each in a row of its own.
std::vector<UnmergedRecord> unmerged(const Records& records, bool may_repeat = false) {
  std::vector<UnmergedRecord> all;
  for (const auto& each : records)
    all.push_back({each, {stream, static_cast<std::int64_t>(all.size()) + 1}, may_repeat});
  return all;
}

HistoryQuery query_of(std::size_t limit) { return {.device_id = "a", .limit = limit}; }

TEST(HistoryPageTest, reads_no_segment_when_what_is_unmerged_suffices) {
  FakeSegments segments(query_of(5), {records(0, 10)});
  EXPECT_EQ(page_of(query_of(5), unmerged(records(10, 16)), segments).total_records, 16U);
  EXPECT_EQ(segments.read(), 0);
}

TEST(HistoryPageTest, reads_a_segment_to_see_whether_there_is_more) {
  FakeSegments segments(query_of(5), {records(0, 10)});
  EXPECT_TRUE(page_of(query_of(5), unmerged(records(10, 15)), segments).has_more);
  EXPECT_EQ(segments.read(), 1);
}

TEST(HistoryPageTest, reads_a_segment_that_reaches_into_the_page) {
  FakeSegments segments(query_of(5), {records(0, 12), records(0, 9)});
  EXPECT_EQ(page_of(query_of(5), unmerged(records(12, 16)), segments).records.size(), 5U);
  EXPECT_EQ(segments.read(), 1);
}

TEST(HistoryPageTest, has_a_record_once_that_was_merged_after_it_was_looked_up) {
  FakeSegments segments(query_of(5), {records(0, 3)}, 1);
  const auto page = page_of(query_of(5), unmerged(records(2, 4)), segments);
  auto expected = records(0, 4);
  std::reverse(expected.begin(), expected.end());
  EXPECT_EQ(page.records, expected);
  EXPECT_EQ(page.total_records, 4U);
}

TEST(HistoryPageTest, counts_a_repetition_of_what_is_merged_once_on_every_page) {
  auto repeated = record(1);
  repeated.received = noon + seconds(60);
  FakeSegments segments(query_of(2), {records(0, 6)});
  const auto page = page_of(query_of(2), unmerged({record(6), repeated}, true), segments);
  EXPECT_EQ(page.records, (Records{record(6), record(5)}));
  EXPECT_EQ(page.total_records, 7U);
}

TEST(HistoryPageTest, looks_into_the_segments_once_however_many_updates_may_repeat) {
  FakeSegments segments(query_of(5), {records(0, 100), records(100, 200), records(200, 300), records(400, 500)});
  auto late = records(50, 350);
  std::reverse(late.begin(), late.end());
  const auto page = page_of(query_of(5), unmerged(late, true), segments);
  EXPECT_EQ(page.total_records, 400U + 50U);
  EXPECT_EQ(segments.look_ups(), 1);
}

TEST(HistoryPageTest, has_the_total_that_is_known_unless_it_shows_all_records) {
  auto query = query_of(5);
  query.known = {99, record(9).timestamp};
  FakeSegments many(query, {records(0, 10)}), few(query, {records(0, 3)});
  EXPECT_EQ(page_of(query, {}, many).total_records, 99U);
  EXPECT_EQ(page_of(query, {}, few).total_records, 3U);
}

TEST(HistoryPageTest, counts_no_segments_when_the_total_is_not_wanted) {
  auto query = query_of(5);
  query.wants_total = false;
  FakeSegments segments(query, {records(0, 10)});
  const auto page = page_of(query, {}, segments);
  EXPECT_EQ(page.total_records, 0U);
  EXPECT_TRUE(page.has_more);
}

// What a page has to be, from all records of the device.
HistoryPage expected_page(const HistoryQuery& query, Records all) {
  sort_and_fold(all);
  std::reverse(all.begin(), all.end());
  std::erase_if(all, [&](const Status& each) { return !query.is_in_span(each.timestamp); });
  HistoryPage page;
  page.total_records = all.size();
  std::erase_if(all, [&](const Status& each) { return query.after && !newest_first(*query.after, each); });
  page.has_more = all.size() > query.limit;
  all.resize(std::min(all.size(), query.limit));
  page.records = all;
  return page;
}

// A device's segments, and what was appended since; some of that is merged by now.
struct Device {
  Records all;
  std::vector<Records> segments;
  Records appended;  // was received later
  std::size_t merged = 0;

  void add_segment(Records segment) {
    sort_and_fold(segment);
    std::erase_if(segment, [&](const Status& each) {
      return std::any_of(all.begin(), all.end(), [&](const Status& one) { return same_report(one, each); });
    });
    if (segment.empty()) return;
    all.insert(all.end(), segment.begin(), segment.end());
    segments.push_back(std::move(segment));
  }

  FakeSegments reader(const HistoryQuery& query) const { return {query, segments, static_cast<std::int64_t>(merged)}; }
};

Device any_device() {
  Device device;
  for (int number = *rc::gen::inRange(0, 6); number > 0; --number)
    device.add_segment(*rc::gen::container<Records>(test::any_status()));
  auto& appended = device.appended = *rc::gen::container<Records>(test::any_status());
  std::int64_t second = 10;
  for (auto& each : appended) each.received = noon + seconds(++second);
  device.merged = *rc::gen::inRange<std::size_t>(0, appended.size() + 1);
  device.add_segment(Records(appended.begin(), appended.begin() + static_cast<std::ptrdiff_t>(device.merged)));
  device.all.insert(device.all.end(), appended.begin(), appended.end());
  return device;
}

HistoryQuery any_query() {
  auto query = query_of(*rc::gen::inRange<std::size_t>(1, 8));
  if (*rc::gen::arbitrary<bool>()) query.since = *test::device_time();
  if (*rc::gen::arbitrary<bool>()) query.before = *test::device_time();
  return query;
}

RC_GTEST_PROP(HistoryPageProperty, is_the_page_of_all_records, ()) {
  const auto device = any_device();
  auto query = any_query();
  auto folded = device.all;
  sort_and_fold(folded);
  if (!folded.empty() && *rc::gen::arbitrary<bool>()) query.after = *rc::gen::elementOf(folded);

  auto reader = device.reader(query);
  const auto page = page_of(query, unmerged(device.appended, true), reader);
  const auto expected = expected_page(query, device.all);
  RC_ASSERT(page.records == expected.records);
  RC_ASSERT(page.has_more == expected.has_more);
  RC_ASSERT(page.total_records == expected.total_records);
}

// All that is passed, oldest first.
Records span_of(const HistoryQuery& query, const std::vector<UnmergedRecord>& unmerged, FakeSegments& segments) {
  Records all;
  read_span(query, unmerged, segments, [&](std::span<const Status> piece) {
    EXPECT_FALSE(piece.empty());
    all.insert(all.begin(), piece.begin(), piece.end());
    return true;
  });
  return all;
}

RC_GTEST_PROP(HistorySpanProperty, has_each_record_of_the_span_once, ()) {
  const auto device = any_device();
  auto query = any_query();
  auto reader = device.reader(query);
  query.limit = device.all.size() + 1;
  auto expected = expected_page(query, device.all).records;
  std::reverse(expected.begin(), expected.end());
  RC_ASSERT(span_of(query, unmerged(device.appended, true), reader) == expected);
}

TEST(HistorySpanTest, passes_a_segment_before_it_reads_the_next) {
  FakeSegments segments(query_of(1), {records(0, 10), records(10, 20), records(20, 30)});
  std::vector<int> read;
  const auto note = [&](std::span<const Status> piece) {
    EXPECT_EQ(piece.size(), 10U);
    read.push_back(segments.read());
    return read.size() < 2;
  };
  read_span(query_of(1), {}, segments, note);
  EXPECT_EQ(read, (std::vector<int>{1, 2})) << "the sink did not want the third";
}

TEST(HistorySpanTest, reads_no_segment_before_the_span) {
  auto query = query_of(1);
  query.since = noon + seconds(9);
  FakeSegments segments(query, {records(0, 10), records(10, 20)});
  EXPECT_EQ(span_of(query, {}, segments), records(10, 20));
  EXPECT_EQ(segments.read(), 1);
}

}  // namespace
}  // namespace ubiety::log
