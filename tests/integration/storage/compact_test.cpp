// A compaction: few segments, the same records.
#include <gmock/gmock.h>

#include "node.hpp"
#include "store_fixture.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using ::testing::SizeIs;

class Compact : public EachStore {
 protected:
  // Until there is no more. Returns the segments before and after.
  Compacted compact(Timestamp now) {
    Compacted all;
    for (int steps = 0; steps < 1'000; ++steps) {
      const auto step = expected(session_->compact(now));
      all.segments_before += step.segments_before;
      all.segments_after += step.segments_after;
      all.backlog = step.backlog;
      if (!step.has_more) return all;
    }
    ADD_FAILURE() << "it never ends";
    return all;
  }

  // So many merges of a few updates for each device.
  void merge_in_pieces(int pieces, std::int64_t first_second) {
    for (int piece = 0; piece < pieces; ++piece) {
      std::vector<StatusUpdate> updates;
      for (int device = 0; device < 4; ++device)
        for (int i = 0; i < 5; ++i) {
          const auto second = first_second + 100 * piece + 7 * i;
          updates.push_back(update("device-" + std::to_string(device), second, second, i));
        }
      node_.append(updates);
      node_.merge();
    }
  }

  std::string segments() const { return execute("SELECT count(*) FROM device_history"); }

  std::unique_ptr<Session> session_ = open_session();
  Node node_{*session_};
};
UBIETY_WITH_EACH_STORE(Compact);

TEST_P(Compact, has_nothing_to_do_in_an_empty_store) {
  const auto compacted = compact(at(0));
  EXPECT_EQ(compacted.segments_before, 0U);
  EXPECT_EQ(compacted.backlog, 0U);
}

TEST_P(Compact, makes_few_segments_of_a_closed_day_with_the_same_records) {
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  merge_in_pieces(8, 0);
  const auto before = records_of(*session_, "device-1");
  ASSERT_THAT(before, SizeIs(40));
  EXPECT_EQ(segments(), "32");
  const auto compacted = compact(at(day));
  EXPECT_EQ(compacted.segments_before, 32U);
  EXPECT_EQ(compacted.segments_after, 4U);
  EXPECT_EQ(compacted.backlog, 0U);
  EXPECT_EQ(segments(), "4");
  EXPECT_EQ(records_of(*session_, "device-1"), before);
  EXPECT_THAT(node_.history("device-1"), SizeIs(40));
}

TEST_P(Compact, leaves_the_day_of_now_alone) {
  merge_in_pieces(4, 0);
  compact(at(day - 1));
  EXPECT_EQ(segments(), "16");
}

TEST_P(Compact, does_a_day_once) {
  merge_in_pieces(4, 0);
  compact(at(day));
  const auto again = compact(at(day));
  EXPECT_EQ(again.segments_before, 0U);
  EXPECT_EQ(segments(), "4");
}

TEST_P(Compact, does_several_days) {
  for (const int days_ago : {3, 2, 1}) {
    ASSERT_TRUE(session_->ensure_partitions(at(-days_ago * day)));
    merge_in_pieces(3, -days_ago * day);
  }
  merge_in_pieces(3, 0);
  compact(at(0));
  EXPECT_EQ(segments(), "24") << "one for each device and closed day, three of today";
  EXPECT_THAT(node_.history("device-3"), SizeIs(60));
}

TEST_P(Compact, does_a_day_again_that_has_late_updates) {
  merge_in_pieces(4, 0);
  compact(at(day));
  node_.append({update("device-2", 3, day + 5), update("device-2", 3, day + 6, 1)});
  node_.merge();
  EXPECT_THAT(node_.history("device-2"), SizeIs(22));
  const auto again = compact(at(day));
  EXPECT_EQ(again.segments_after, 1U);
  EXPECT_EQ(segments(), "4");
  EXPECT_THAT(node_.history("device-2"), SizeIs(22));
}

TEST_P(Compact, cuts_a_long_day_into_segments_of_the_usual_size) {
  for (int piece = 0; piece < 10; ++piece) {
    std::vector<StatusUpdate> updates;
    for (int i = 0; i < 100; ++i) updates.push_back(update("sensor", 10 * i + piece, 1));  // they overlap
    node_.append(updates);
    node_.merge();
  }
  const auto before = records_of(*session_, "sensor");
  compact(at(day));
  EXPECT_EQ(segments(), kind_ == StoreKind::sqlite ? "4" : "5");
  EXPECT_EQ(records_of(*session_, "sensor"), before);
  EXPECT_EQ(node_.page({.device_id = "sensor", .limit = 10}).total_records, 1'000U);
}

TEST_P(Compact, is_followed_by_merges_and_repetitions) {
  merge_in_pieces(4, 0);
  compact(at(day));
  node_.append({update("device-1", 7, day + 5, 1), update("device-1", day, day, 1)});
  node_.merge();
  EXPECT_THAT(node_.history("device-1"), SizeIs(21)) << "one is a repetition";
}

TEST_P(Compact, does_steps_that_a_reader_does_not_notice) {
  merge_in_pieces(6, 0);
  const auto reader = expected(store_->open());
  const auto before = records_of(*reader, "device-0");
  for (bool more = true; more;) {
    more = expected(session_->compact(at(day))).has_more;
    ASSERT_EQ(records_of(*reader, "device-0"), before);
    ASSERT_EQ(node_.page({.device_id = "device-0", .limit = 3}, *reader).total_records, 30U);
  }
}

TEST_P(Compact, goes_on_with_another_session) {
  merge_in_pieces(6, 0);
  while (expected(session_->compact(at(day))).has_more) {
    session_ = expected(store_->open());
    node_.use(*session_);
  }
  EXPECT_EQ(segments(), "4");
}

TEST_P(Compact, returns_the_space_of_the_log) {
  if (kind_ == StoreKind::sqlite) GTEST_SKIP() << "the whole file shrinks: history_upkeep_test";
  merge_in_pieces(4, 0);
  EXPECT_NE(execute("SELECT pg_relation_size('update_log')"), "0");
  compact(at(day));
  EXPECT_EQ(execute("SELECT pg_relation_size('update_log')"), "0");
}

// A scan of the whole day in each step would make the compaction of a million devices endless.
TEST_P(Compact, finds_devices_by_the_index) {
  if (kind_ == StoreKind::sqlite) GTEST_SKIP() << "the table is the index";
  merge_in_pieces(2, 0);
  compact(at(0));      // it looks which days are open, once
  execute("ANALYZE");  // the planner now knows that a scan of so few segments is cheap
  const auto scans = [this](const char* kind) {
    return execute(std::string("SELECT sum(") + kind +
                   ") FROM pg_stat_user_tables WHERE relname LIKE 'device_history%'");
  };
  const auto others = [this] {
    return std::stoi(
        execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                "backend_type = 'client backend' AND pid <> pg_backend_pid()"));
  };
  // A session's statistics are complete when it has ended.
  const auto end_session = [&] {
    const auto before = others();
    session_.reset();
    ASSERT_TRUE(wait_until([&] { return others() < before; }, std::chrono::seconds(10)));
  };
  end_session();
  const auto full_scans = scans("seq_scan"), index_scans = scans("idx_scan");
  session_ = expected(store_->open());
  compact(at(day));
  end_session();
  EXPECT_EQ(scans("seq_scan"), full_scans);
  EXPECT_NE(scans("idx_scan"), index_scans);
}

}  // namespace
}  // namespace ubiety::test
