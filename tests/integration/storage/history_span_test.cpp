// All records of a span of a device's history, made of the segments and of the updates that are not merged.
#include <gmock/gmock.h>

#include <chrono>
#include <functional>

#include "node.hpp"
#include "storage/log/history_buckets.hpp"
#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class HistorySpan : public EachStore {
 protected:
  static HistoryQuery query(std::optional<Timestamp> since = {}, std::optional<Timestamp> before = {}) {
    return {.device_id = "sensor", .limit = 1000, .since = since, .before = before};
  }

  // Oldest first.
  std::vector<Status> records(const HistoryQuery& query) {
    std::vector<Status> all;
    const auto unmerged = node_.unmerged().of(query.device_id);
    expected(session_->read_span(query, unmerged, [&](std::span<const Status> piece) {
      all.insert(all.begin(), piece.begin(), piece.end());
      return true;
    }));
    return all;
  }

  // What an export has of the span.
  std::vector<Status> exported(const HistoryQuery& query) {
    auto all = records_of(*session_, query.device_id);
    std::erase_if(all, [&](const Status& record) { return !query.is_in_span(record.timestamp); });
    return all;
  }

  std::unique_ptr<Session> session_ = open_session();
  Node node_{*session_};
};
UBIETY_WITH_EACH_STORE(HistorySpan);

TEST_P(HistorySpan, is_empty_for_an_unknown_device) { EXPECT_THAT(records(query()), IsEmpty()); }

// Late reports and repetitions, over partitions, merged in four parts.
TEST_P(HistorySpan, has_what_an_export_has) {
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  const std::vector<HistoryQuery> queries{query(), query(at(-1)), query({}, at(day + 1'500)),
                                          query(at(700), at(day + 2'100)), query(at(-800 * day), at(-600 * day))};
  for (int part = 0; part < 4; ++part) {
    std::vector<StatusUpdate> updates{update("sensor", -700 * day, part, part), update("sensors", 1, 1)};
    for (int i = 0; i < 900; ++i) {
      updates.push_back(update("sensor", 7 * i + part, 10'000 * part + i, i % 101));
      updates.push_back(update("sensor", day + 3 * i, 10'000 * part + i, i % 3 == 0 ? 1 : part));
    }
    node_.append(updates);
    for (const auto& each : queries) EXPECT_THAT(records(each), ElementsAreArray(exported(each)));
    if (part < 3) node_.merge();
    for (const auto& each : queries) EXPECT_THAT(records(each), ElementsAreArray(exported(each)));
  }
  EXPECT_GT(records(query(at(700), at(day + 2'100))).size(), 4'000U);
}

// The list was looked up before a merge moved its updates.
TEST_P(HistorySpan, has_updates_once_that_were_merged_in_between) {
  node_.append({update("sensor", 1, 1)});
  node_.append({update("sensor", 2, 2), update("sensor", 3, 3)});
  const auto unmerged = node_.unmerged().of("sensor");
  node_.merge();
  std::size_t count = 0;
  expected(session_->read_span(query(), unmerged, [&](std::span<const Status> piece) {
    count += piece.size();
    return true;
  }));
  EXPECT_EQ(count, 3U);
}

// A report a minute for 30 days.
TEST_P(HistorySpan, of_a_month_is_read_in_pieces) {
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  constexpr int minutes = 30 * 24 * 60;
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < minutes; ++i) updates.push_back(update("sensor", 60 * i, 60 * i, i % 101));
  node_.append(updates);
  node_.merge();
  HistoryBuckets buckets({at(0), at(30 * day), 30});
  std::size_t largest = 0;
  const auto began = std::chrono::steady_clock::now();
  expected(session_->read_span(query(at(-1), at(30 * day)), {}, [&](std::span<const Status> piece) {
    largest = std::max(largest, piece.size());
    buckets.add(piece);
    return true;
  }));
  RecordProperty(
      "milliseconds",
      std::to_string(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count()));
  for (const auto& bucket : buckets.buckets()) EXPECT_EQ(bucket.records, 24U * 60U);
  EXPECT_LE(largest, 1'000U);
}

}  // namespace
}  // namespace ubiety::test
