// How the reader uses what a shard knows of a history.
#include <gtest/gtest.h>

#include "actors/store/spawn.hpp"
#include "support/faulty_store.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

using test::update_of;

class ReaderTest : public ::testing::Test {
 protected:
  ReaderTest() {
    const std::vector<StatusUpdate> updates{update_of("a", 1), update_of("a", 2), update_of("a", 3)};
    const auto session = store_.open_beside();
    EXPECT_TRUE(session->open_stream(7));
    EXPECT_TRUE(session->append({7, 1}, {&updates[0], &updates[1], &updates[2]}));
    store_.merge_all();
  }

  // The total of a page whose message says that there are 9 records.
  std::uint64_t total() {
    ReadHistory message{{"a", 1}, {}, {}};
    message.query.known = {9, update_of("a", 3).status.timestamp};
    message.known_at = changes_.count();
    const auto outcome = read_history(read_with_, message, changes_);
    EXPECT_EQ(outcome->page.records, std::vector{update_of("a", 3).status});
    return outcome->page.total_records;
  }

  // The outcome for two buckets, of seconds 2 and 3, when one update is not merged.
  HistoryOutcome in_buckets(SteadyTime deadline) {
    ReadHistory message{{"a", 1}, deadline, {}, BucketSpan{noon + test::seconds(2), noon + test::seconds(4), 2}};
    message.query.since = noon + test::seconds(1);
    message.query.before = noon + test::seconds(4);
    message.unmerged.push_back({update_of("a", 3, 9, 10).status, {7, 2}, true});
    return *read_history(read_with_, message, changes_);
  }

  test::FaultyStore store_;
  StoreConnection connection_{store_, "reader", [](bool) { return false; }};
  const ReadWith read_with_ = [this](const auto& read) { return connection_.use(read); };
  HistoryChanges changes_;
};

TEST_F(ReaderTest, believes_the_total_that_the_shard_knows) { EXPECT_EQ(total(), 9U); }

TEST_F(ReaderTest, counts_when_a_merge_began_since) {
  store_.on_history = [this] { changes_.note_merge(); };
  EXPECT_EQ(total(), 3U);
}

TEST_F(ReaderTest, counts_when_records_were_removed_since) {
  store_.on_history = [this] { const HistoryChanges::Removal removal(changes_); };
  EXPECT_EQ(total(), 3U);
}

TEST_F(ReaderTest, counts_while_records_are_removed) {
  std::optional<HistoryChanges::Removal> removal;
  store_.on_history = [&] {
    if (!removal) removal.emplace(changes_);
  };
  EXPECT_EQ(total(), 3U);
}

TEST_F(ReaderTest, folds_what_is_merged_and_what_is_not_into_buckets) {
  const auto outcome = in_buckets(SteadyTime::max());
  ASSERT_EQ(outcome.kind, HistoryOutcome::Kind::buckets);
  const auto& buckets = outcome.buckets->buckets();
  EXPECT_EQ(buckets[0].records, 1U);
  EXPECT_EQ(buckets[1].records, 2U);
  EXPECT_EQ(buckets[1].battery_level, (HistoryBuckets::Extent{10, 76, 86}));
}

TEST_F(ReaderTest, gives_up_buckets_when_the_deadline_passes) {
  EXPECT_EQ(in_buckets(std::chrono::steady_clock::now()).kind, HistoryOutcome::Kind::unavailable);
}

}  // namespace
}  // namespace ubiety
