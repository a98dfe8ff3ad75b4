// A merge: what it moves from the log into the history, what an interruption leaves, and what readers see meanwhile.
#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "node.hpp"
#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<StatusUpdate> reports_of(int devices, int first_second, int seconds) {
  std::vector<StatusUpdate> updates;
  for (int second = first_second; second < first_second + seconds; ++second)
    for (int device = 0; device < devices; ++device)
      updates.push_back(update("device-" + std::to_string(device), second, second, second % 101));
  return updates;
}

class Merge : public EachStore {
 protected:
  // The number of updates in the rows that a start would load.
  std::size_t updates_in_log() {
    std::size_t count = 0;
    for (const auto& row : load(*session_).rows) count += row.updates.size();
    return count;
  }

  // A process that starts after this one has ended.
  void restart() {
    session_.reset();
    store_.reset();
    store_ = open_beside();
    session_ = open_session();
  }

  std::unique_ptr<Session> session_ = open_session();
};
UBIETY_WITH_EACH_STORE(Merge);

TEST_P(Merge, moves_all_rows_from_the_log_into_the_history) {
  Node node(*session_);
  node.append({update("a", 1, 1), update("b", 1, 2)});
  node.append({update("a", 2, 3)});
  const auto merged = node.merge(node.appended());
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->of(node.stream()), 2);
  EXPECT_THAT(load(*session_).rows, IsEmpty());
  EXPECT_THAT(merged_history_of(*session_, "a"), ElementsAre(update("a", 2, 3).status, update("a", 1, 1).status));
  EXPECT_THAT(merged_history_of(*session_, "b"), ElementsAre(update("b", 1, 2).status));
}

TEST_P(Merge, leaves_later_rows_in_the_log) {
  Node node(*session_);
  const auto first = node.append({update("a", 1, 1)});
  node.append({update("a", 2, 2)});
  const auto merged = node.merge(through(first));
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->of(node.stream()), 1);
  EXPECT_THAT(merged_history_of(*session_, "a"), ElementsAre(update("a", 1, 1).status));
  const auto loaded = load(*session_);
  ASSERT_THAT(loaded.rows, SizeIs(1));
  EXPECT_EQ(loaded.rows[0].position.sequence, 2);
  EXPECT_THAT(node.history("a"), SizeIs(2));
}

TEST_P(Merge, moves_rows_of_some_streams) {
  Node first(*session_);
  first.append({update("a", 1, 1)});
  Node second(*session_);
  second.append({update("a", 2, 2)});
  ASSERT_TRUE(second.merge(through({first.stream(), 1})));
  EXPECT_THAT(merged_history_of(*session_, "a"), ElementsAre(update("a", 1, 1).status));
  EXPECT_EQ(load(*session_).rows.at(0).position.stream, second.stream());
}

TEST_P(Merge, moves_rows_of_a_stream_that_is_closed) {
  Node first(*session_);
  first.append({update("a", 1, 1)});
  restart();
  Node second(*session_);
  second.append({update("a", 2, 2)});
  second.merge();
  EXPECT_THAT(merged_history_of(*session_, "a"), SizeIs(2));
  EXPECT_THAT(load(*session_).rows, IsEmpty());
}

TEST_P(Merge, may_have_nothing_to_move) {
  Node node(*session_);
  ASSERT_TRUE(node.merge({}));
  node.append({update("a", 1, 1)});
  node.merge();
  ASSERT_TRUE(node.merge(node.appended()));
  EXPECT_THAT(merged_history_of(*session_, "a"), SizeIs(1));
}

TEST_P(Merge, moves_an_empty_row) {
  Node node(*session_);
  node.append({});
  node.append({update("a", 1, 1)});
  node.merge();
  EXPECT_THAT(load(*session_).rows, IsEmpty());
}

TEST_P(Merge, raises_the_latest_statuses) {
  Node node(*session_);
  node.append({update("a", 1, 1), update("b", 1, 1)});
  node.merge();
  EXPECT_EQ(latest_of(*session_, "a")->update, update("a", 1, 1));
  node.append({update("a", 3, 3), update("a", 2, 4), update("b", 1, 5, 51), update("c", 9, 9)});
  node.merge();
  EXPECT_EQ(latest_of(*session_, "a")->update, update("a", 3, 3));
  EXPECT_EQ(latest_of(*session_, "b")->update, update("b", 1, 5, 51));
  EXPECT_EQ(latest_of(*session_, "c")->update, update("c", 9, 9));
}

// The rule is NewerThan's.
TEST_P(Merge, does_not_lower_the_latest_statuses) {
  const auto reported_later = update("a", 5, 10), received_later = update("b", 5, 20),
             clock_ahead = update("c", 100'000, 10), values = update("d", 5, 10, 51);
  Node node(*session_);
  node.append({reported_later, received_later, clock_ahead, values});
  node.merge();
  const std::vector<StatusUpdate> older{update("a", 4, 30), update("b", 5, 19), update("c", 99'000, 9),
                                        update("d", 5, 10, 50)};
  for (const auto& each : older) {
    const auto position = node.append({each});
    OneDevice source({each, each.status.timestamp}, {each.status});
    ASSERT_TRUE(expected(session_->merge(through(position), source)).has(position));
  }
  for (const auto& kept : {reported_later, received_later, clock_ahead, values}) {
    EXPECT_EQ(latest_of(*session_, kept.device_id)->update, kept);
    EXPECT_EQ(latest_of(*session_, kept.device_id)->newest, kept.status.timestamp);
  }
  // A clock that runs ahead holds the latest for MAX_CLOCK_SKEW only. The latest timestamp stays.
  const auto right_clock = update("c", 400, 400);
  const auto position = node.append({right_clock});
  OneDevice source({right_clock, right_clock.status.timestamp}, {right_clock.status});
  expected(session_->merge(through(position), source));
  EXPECT_EQ(latest_of(*session_, "c")->update, right_clock);
  EXPECT_EQ(latest_of(*session_, "c")->newest, clock_ahead.status.timestamp);
}

TEST_P(Merge, folds_a_repetition_into_the_first_received) {
  Node node(*session_);
  node.append({update("a", 1, 10), update("a", 1, 11)});
  node.append({update("a", 1, 12), update("a", 2, 13)});
  node.merge();
  EXPECT_THAT(merged_history_of(*session_, "a"), ElementsAre(update("a", 2, 13).status, update("a", 1, 10).status));
  node.append({update("a", 1, 20), update("a", 2, 21), update("a", 1, 22, 51)});
  node.merge();
  EXPECT_THAT(merged_history_of(*session_, "a"),
              ElementsAre(update("a", 2, 13).status, update("a", 1, 22, 51).status, update("a", 1, 10).status));
}

// The copy that is stored lies in the middle of a segment, or in one of several that overlap.
TEST_P(Merge, folds_a_repetition_into_any_segment) {
  Node node(*session_);
  for (const int offset : {0, 5}) {
    std::vector<StatusUpdate> updates;
    for (int i = 0; i < 400; ++i) updates.push_back(update("a", 10 * i + offset, 5'000 + offset));
    node.append(updates);
    node.merge();
  }
  node.append({update("a", 0, 6'000), update("a", 1'005, 6'000), update("a", 2'880, 6'000), update("a", 3'995, 6'000),
               update("a", 3'996, 6'000)});
  node.merge();
  const auto records = merged_history_of(*session_, "a");
  EXPECT_THAT(records, SizeIs(801));
  EXPECT_EQ(records.back(), update("a", 0, 5'000).status);
}

TEST_P(Merge, stores_late_updates_of_closed_days) {
  Node node(*session_);
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  node.append({update("a", 100, 100), update("b", 100, 100)});
  node.merge();
  node.append({update("a", -day, 200), update("a", -40 * day, 201), update("a", -day + 5, 202), update("a", 99, 203)});
  node.merge();
  EXPECT_THAT(merged_history_of(*session_, "a"), SizeIs(5));
  EXPECT_EQ(latest_of(*session_, "a")->update, update("a", 100, 100));
}

TEST_P(Merge, takes_many_updates_of_a_device_at_one_time) {
  std::vector<StatusUpdate> updates;
  for (int rssi = -160; rssi <= 20; ++rssi)
    for (const int level : {1, 2, 3}) {
      updates.push_back(update("a", 5, 5, level));
      updates.back().status.rssi = static_cast<std::int16_t>(rssi);
    }
  Node node(*session_);
  node.append(updates);
  node.merge();
  EXPECT_THAT(merged_history_of(*session_, "a"), SizeIs(updates.size()));
}

TEST_P(Merge, rejects_nothing_that_an_append_took) {
  const std::vector<StatusUpdate> extremes{{"earliest", {earliest_timestamp, at(0), 20, 100, true}},
                                           {"latest", {latest_timestamp, at(0), -160, 0, false}},
                                           {"span", {earliest_timestamp, at(0), 20, 100, true}},
                                           {"span", {latest_timestamp, latest_timestamp, 20, 100, true}},
                                           {"\\. \\N 'quoted' \"twice\" ; -- %s {},", {at(0), at(0), 0, 0, false}}};
  Node node(*session_);
  node.append(extremes);
  node.merge();
  for (const auto& extreme : extremes)
    EXPECT_THAT(merged_history_of(*session_, extreme.device_id), ::testing::Contains(extreme.status));
}

// Wherever the source fails, each update stays in log or history, once.
TEST_P(Merge, loses_nothing_when_it_is_interrupted) {
  constexpr int devices = 8, seconds = 5;
  for (std::size_t calls = 0; calls <= devices; ++calls) {
    SCOPED_TRACE("interrupted after " + std::to_string(calls));
    Node node(*session_);
    node.merge();
    const auto earlier = node.history("device-0").size();
    node.unmerged().devices_at_once = 1;
    node.append(reports_of(devices, 100 * static_cast<int>(calls), seconds));
    node.unmerged().interrupts_after = calls;
    const auto merged = node.merge(node.appended());
    ASSERT_FALSE(merged) << "the source has one call more, for the end";
    for (int device = 0; device < devices; ++device) {
      const auto name = "device-" + std::to_string(device);
      EXPECT_THAT(node.history(name), SizeIs(earlier + seconds)) << name;
      EXPECT_THAT(records_of(*session_, name), SizeIs(earlier + seconds)) << name;
    }
    node.append(reports_of(devices, 100 * static_cast<int>(calls) + 50, seconds));  // what comes in between
    node.unmerged().interrupts_after.reset();
    node.merge();
    EXPECT_THAT(load(*session_).rows, IsEmpty());
    for (int device = 0; device < devices; ++device)
      EXPECT_THAT(merged_history_of(*session_, "device-" + std::to_string(device)), SizeIs(earlier + 2 * seconds));
  }
}

// The same when the process ends there and another one goes on.
TEST_P(Merge, loses_nothing_when_the_process_ends_in_it) {
  constexpr int devices = 8, seconds = 5;
  for (std::size_t calls = 0; calls <= devices; ++calls) {
    SCOPED_TRACE("ended after " + std::to_string(calls));
    std::size_t earlier = 0;
    {
      Node node(*session_);
      node.merge();
      earlier = node.history("device-0").size();
      node.unmerged().devices_at_once = 1;
      node.append(reports_of(devices, 100 * static_cast<int>(calls), seconds));
      node.unmerged().interrupts_after = calls;
      ASSERT_FALSE(node.merge(node.appended()));
    }
    restart();
    Node next(*session_);
    for (int device = 0; device < devices; ++device) {
      const auto name = "device-" + std::to_string(device);
      EXPECT_THAT(next.history(name), SizeIs(earlier + seconds)) << name;
      EXPECT_EQ(next.unmerged().latest(name)->update.status, next.history(name).front()) << name;
    }
    next.append(reports_of(devices, 100 * static_cast<int>(calls) + 50, seconds));
    next.merge();
    EXPECT_EQ(updates_in_log(), 0U);
    for (int device = 0; device < devices; ++device)
      EXPECT_THAT(merged_history_of(*session_, "device-" + std::to_string(device)), SizeIs(earlier + 2 * seconds));
  }
}

// What is in the history is not in the rows that a start loads, and the other way round.
TEST_P(Merge, leaves_each_update_in_the_log_or_in_the_history_when_it_is_interrupted) {
  Node node(*session_);
  node.unmerged().devices_at_once = 1;
  node.append(reports_of(6, 0, 4));
  node.unmerged().interrupts_after = 3;
  ASSERT_FALSE(node.merge(node.appended()));
  std::size_t merged = 0;
  for (int device = 0; device < 6; ++device)
    merged += merged_history_of(*session_, "device-" + std::to_string(device)).size();
  EXPECT_EQ(merged + updates_in_log(), 24U);
}

TEST_P(Merge, goes_on_with_another_session_after_an_interruption) {
  Node node(*session_);
  node.unmerged().devices_at_once = 1;
  node.append(reports_of(6, 0, 4));
  node.unmerged().interrupts_after = 3;
  ASSERT_FALSE(node.merge(node.appended()));
  node.unmerged().interrupts_after.reset();
  session_ = expected(store_->open());
  node.use(*session_);
  node.merge();
  for (int device = 0; device < 6; ++device)
    EXPECT_THAT(merged_history_of(*session_, "device-" + std::to_string(device)), SizeIs(4));
}

// The answer to the COMMIT was lost: the source still has the updates. A store that was opened again knows as little of
// the merge as one that never learned of it.
TEST_P(Merge, doubles_nothing_when_its_outcome_was_unknown) {
  Node node(*session_);
  node.append(reports_of(4, 0, 5));
  expected(session_->merge(node.appended(), node.unmerged()));
  restart();
  node.use(*session_);
  EXPECT_THAT(node.history("device-1"), SizeIs(5));
  node.merge();
  EXPECT_EQ(expected(session_->history({.device_id = "device-1", .limit = 2}, {})).total_records, 5U);
}

// A reader looks the unmerged updates up and then reads, while another thread appends and merges.
TEST_P(Merge, is_seen_whole_by_readers_at_any_moment) {
  Node node(*session_);
  node.unmerged().devices_at_once = 1;
  std::mutex mutex;  // guards the node's unmerged updates
  std::vector<log::UnmergedRecord> unmerged;
  std::atomic<int> appended = 0;
  std::atomic<bool> goes_on = true;
  const auto publish = [&] {
    const std::lock_guard lock(mutex);
    unmerged = node.unmerged().of("device-1");
  };
  std::jthread reading([&] {
    const auto reader = expected(store_->open());
    while (goes_on) {
      const auto least = static_cast<std::uint64_t>(appended.load());
      std::vector<log::UnmergedRecord> looked_up;
      {
        const std::lock_guard lock(mutex);
        looked_up = unmerged;
      }
      const auto page = expected(reader->history({.device_id = "device-1", .limit = 5}, looked_up));
      const auto most = static_cast<std::uint64_t>(appended.load()) + 1;
      ASSERT_GE(page.total_records, least);
      ASSERT_LE(page.total_records, most);
      if (page.total_records > 0) {
        ASSERT_EQ(page.records.front().timestamp, at(static_cast<std::int64_t>(page.total_records)));
      }
    }
  });
  const int steps = kind_ == StoreKind::sqlite ? 600 : 300;
  for (int i = 1; i <= steps; ++i) {
    node.append(reports_of(3, i, 1));
    publish();
    appended = i;
    if (i % 10 != 0) continue;
    node.unmerged().interrupts_after.reset();
    if (i % 20 == 0) node.unmerged().interrupts_after = 2;
    const auto merged = node.merge(node.appended());
    EXPECT_EQ(merged.ok(), i % 20 != 0);
    publish();
  }
  goes_on = false;
}

TEST_P(Merge, takes_a_day_of_many_devices) {
  Node node(*session_);
  node.unmerged().devices_at_once = 100;
  std::vector<StatusUpdate> updates;
  for (int second = 0; second < 86'400; second += 600)
    for (int device = 0; device < 200; ++device)
      updates.push_back(update("device-" + std::to_string(device), second, second));
  node.append(updates);
  node.merge();
  EXPECT_THAT(merged_history_of(*session_, "device-150"), SizeIs(144));
}

// PostgreSQL's VACUUM, or pages that SQLite uses again.
TEST_P(Merge, lets_the_log_use_its_space_again) {
  Node node(*session_);
  const auto size_of_log = [&] {
    return std::stoll(execute(kind_ == StoreKind::sqlite ? "SELECT page_count FROM pragma_page_count"
                                                         : "SELECT pg_total_relation_size('update_log')"));
  };
  const auto append_and_merge = [&](int first_second) {
    for (int second = first_second; second < first_second + 200; ++second) node.append(reports_of(40, second, 1));
    node.merge();
  };
  append_and_merge(0);
  const auto once = size_of_log();
  for (int round = 1; round < 4; ++round) append_and_merge(200 * round);
  EXPECT_LT(size_of_log(), 2 * once);
}

}  // namespace
}  // namespace ubiety::test
