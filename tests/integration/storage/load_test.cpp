// A start: what it loads, from the latest statuses and the log.
#include <gmock/gmock.h>

#include <algorithm>

#include "node.hpp"
#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Load : public EachStore {
 protected:
  std::unique_ptr<Session> session_ = open_session();
};
UBIETY_WITH_EACH_STORE(Load);

TEST_P(Load, finds_nothing_in_an_empty_store) {
  const auto loaded = load(*session_);
  EXPECT_THAT(loaded.latest, IsEmpty());
  EXPECT_THAT(loaded.rows, IsEmpty());
  EXPECT_THAT(loaded.damaged, IsEmpty());
}

TEST_P(Load, passes_the_rows_of_a_stream_in_their_order) {
  Node node(*session_);
  for (int i = 1; i <= 12; ++i) node.append({update("sensor", i, i)});
  const auto rows = load(*session_).rows;
  ASSERT_THAT(rows, SizeIs(12));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].position, (log::Position{node.stream(), static_cast<std::int64_t>(i) + 1}));
    EXPECT_THAT(rows[i].updates, ElementsAre(update("sensor", static_cast<int>(i) + 1, static_cast<int>(i) + 1)));
  }
}

TEST_P(Load, passes_rows_of_all_streams_open_or_closed) {
  Node first(*session_);
  first.append({update("a", 1, 1)});
  ASSERT_TRUE(store_->ownership().take_over(at(5)));
  Node second(*session_);
  second.append({update("a", 2, 6)});
  EXPECT_THAT(load(*session_).rows, SizeIs(2));
}

TEST_P(Load, passes_the_latest_statuses_of_what_is_merged_and_rows_of_what_is_not) {
  Node node(*session_);
  node.append({update("a", 1, 1), update("b", 2, 2)});
  node.merge();
  node.append({update("a", 3, 3)});
  const auto loaded = load(*session_);
  EXPECT_THAT(loaded.latest, SizeIs(2));
  EXPECT_EQ(latest_of(*session_, "a")->update, update("a", 1, 1)) << "the log is not reflected";
  EXPECT_EQ(latest_of(*session_, "b")->update, update("b", 2, 2));
  ASSERT_THAT(loaded.rows, SizeIs(1));
  EXPECT_THAT(loaded.rows[0].updates, ElementsAre(update("a", 3, 3)));
}

TEST_P(Load, passes_the_latest_timestamp_beside_the_latest_status) {
  Node node(*session_);
  node.append({update("ahead", 100'000, 10)});
  node.append({update("ahead", 400, 400)});  // a clock that runs ahead holds the latest for MAX_CLOCK_SKEW only
  node.merge();
  const auto latest = latest_of(*session_, "ahead").value();
  EXPECT_EQ(latest.update, update("ahead", 400, 400));
  EXPECT_EQ(latest.newest, at(100'000));
}

TEST_P(Load, keeps_times_that_no_clock_should_show) {
  Node node(*session_);
  const StatusUpdate earliest{"earliest", {earliest_timestamp, at(1), 0, 0, false}},
      last{"last", {latest_timestamp, at(1), 0, 0, false}};
  node.append({earliest, last});
  node.merge();
  EXPECT_EQ(latest_of(*session_, "earliest")->update, earliest);
  EXPECT_EQ(latest_of(*session_, "last")->update, last);
  EXPECT_EQ(latest_of(*session_, "last")->newest, latest_timestamp);
}

TEST_P(Load, passes_latest_statuses_that_were_written) {
  Node node(*session_);
  node.append({update("a", 5, 5), update("b", 5, 5)});
  node.merge();
  const std::vector<log::LatestStatus> written{{update("a", 3, 3), at(4)}, {update("c", 7, 7), at(7)}};
  ASSERT_TRUE(session_->write_latest(written));
  EXPECT_EQ(latest_of(*session_, "a")->update, update("a", 3, 3)) << "replaced, not raised";
  EXPECT_EQ(latest_of(*session_, "a")->newest, at(4));
  EXPECT_EQ(latest_of(*session_, "b")->update, update("b", 5, 5));
  EXPECT_EQ(latest_of(*session_, "c")->update, update("c", 7, 7));
}

TEST_P(Load, passes_many_devices) {
  std::vector<StatusUpdate> many;
  for (int i = 0; i < 30'000; ++i) many.push_back(update("sensor-" + std::to_string(i), i, i));
  Node node(*session_);
  node.unmerged().devices_at_once = 2'000;
  node.append(many);
  node.merge();
  auto latest = load(*session_).latest;
  ASSERT_THAT(latest, SizeIs(many.size()));
  std::vector<StatusUpdate> updates;
  for (auto& each : latest) updates.push_back(std::move(each.update));
  std::sort(updates.begin(), updates.end(), key_before);
  std::sort(many.begin(), many.end(), key_before);
  EXPECT_EQ(updates, many);
}

// A damaged row costs its own updates, not the start.
TEST_P(Load, reports_a_damaged_row_and_passes_the_others) {
  Node node(*session_);
  for (int i = 1; i <= 3; ++i) node.append({update("sensor", i, i)});
  damage_row({node.stream(), 2});
  const auto loaded = load(*session_);
  ASSERT_THAT(loaded.rows, SizeIs(2));
  ASSERT_THAT(loaded.damaged, SizeIs(1));
  EXPECT_EQ(loaded.damaged[0].position, (log::Position{node.stream(), 2}));
  EXPECT_FALSE(loaded.damaged[0].reason.empty());
}

TEST_P(Load, still_reports_a_damaged_row_after_a_merge) {
  {
    Node node(*session_);
    for (int i = 1; i <= 3; ++i) node.append({update("sensor", i, i)});
    damage_row({node.stream(), 2});
  }
  Node next(*session_);
  EXPECT_EQ(next.unmerged().size(), 2U);
  next.merge();
  const auto loaded = load(*session_);
  EXPECT_THAT(loaded.rows, IsEmpty());
  EXPECT_THAT(loaded.damaged, SizeIs(1));
  EXPECT_THAT(merged_history_of(*session_, "sensor"), SizeIs(2));
  next.append({update("sensor", 4, 4)});
  next.merge();
  EXPECT_THAT(load(*session_).damaged, SizeIs(1)) << "it stays in the log";
}

TEST_P(Load, is_of_a_database_with_an_identity) {
  const auto identity = expected(session_->identity());
  EXPECT_FALSE(identity.empty());
  EXPECT_EQ(expected(expected(store_->open())->identity()), identity);
}

}  // namespace
}  // namespace ubiety::test
