#include <gmock/gmock.h>

#include <algorithm>

#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::IsEmpty;

class LoadLatest : public EachStore {
 protected:
  // Whether load_latest tells this, from there.
  bool tells(const StatusUpdate& wanted, Origin origin) {
    const auto told = told_by(*session_);
    return std::any_of(told.begin(), told.end(),
                       [&](const Told& each) { return each.update == wanted && each.origin == origin; });
  }

  void checkpoint(const std::vector<StatusUpdate>& statuses, Timestamp watermark) {
    ASSERT_TRUE(session_->write_checkpoint(statuses));
    ASSERT_TRUE(session_->set_watermark(watermark));
  }

  std::unique_ptr<Session> session_ = open_session();
};
UBIETY_WITH_EACH_STORE(LoadLatest);

TEST_P(LoadLatest, finds_nothing_in_an_empty_store) { EXPECT_THAT(told_by(*session_), IsEmpty()); }

TEST_P(LoadLatest, tells_the_whole_history_without_a_checkpoint) {
  const auto first = update("a", 1, 1), second = update("a", 2, 2), other = update("b", 1, 3);
  commit_fresh(*session_, {first, second, other});
  EXPECT_TRUE(tells(first, Origin::history));
  EXPECT_TRUE(tells(second, Origin::history));
  EXPECT_TRUE(tells(other, Origin::history));
}

TEST_P(LoadLatest, tells_the_checkpoint_and_what_was_received_from_the_watermark_on) {
  const auto before = update("a", 1, 10), on_the_mark = update("a", 2, 20), after = update("a", 3, 30);
  commit_fresh(*session_, {before, on_the_mark, after});
  checkpoint({before}, at(20));
  const auto told = told_by(*session_);
  EXPECT_EQ(told.size(), 3U);
  EXPECT_TRUE(tells(before, Origin::checkpoint));
  EXPECT_TRUE(tells(on_the_mark, Origin::history));
  EXPECT_TRUE(tells(after, Origin::history));
}

TEST_P(LoadLatest, tells_the_checkpoint_first) {
  const auto old = update("a", 1, 10), recent = update("a", 3, 30);
  commit_fresh(*session_, {old, recent});
  checkpoint({old}, at(20));
  const auto told = told_by(*session_);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].origin, Origin::checkpoint);
  EXPECT_EQ(told[1].origin, Origin::history);
}

TEST_P(LoadLatest, tells_a_repetition_by_its_later_receipt) {
  commit_fresh(*session_, {update("a", 1, 10)});
  checkpoint({update("a", 1, 10)}, at(20));
  commit_doubtful(*session_, {update("a", 1, 30)});
  EXPECT_TRUE(tells(update("a", 1, 30), Origin::history));
}

TEST_P(LoadLatest, keeps_what_the_checkpoint_was_last_told) {
  checkpoint({update("a", 1, 10, 1), update("b", 1, 10, 1)}, at(20));
  checkpoint({update("a", 2, 30, 2)}, at(40));
  EXPECT_TRUE(tells(update("a", 2, 30, 2), Origin::checkpoint));
  EXPECT_TRUE(tells(update("b", 1, 10, 1), Origin::checkpoint));
  EXPECT_EQ(told_by(*session_).size(), 2U);
}

// A checkpoint of a process that was overtaken comes late. The rule is NewerThan's.
TEST_P(LoadLatest, keeps_what_is_newer_than_what_the_checkpoint_is_told) {
  const auto reported_later = update("a", 5, 10), received_later = update("b", 5, 20),
             clock_ahead = update("c", 100'000, 10), values = update("d", 5, 10, 51);
  checkpoint({reported_later, received_later, clock_ahead, values}, at(20));
  checkpoint({update("a", 4, 30), update("b", 5, 19), update("c", 99'000, 9), update("d", 5, 10, 50)}, at(40));
  for (const auto& kept : {reported_later, received_later, clock_ahead, values})
    EXPECT_TRUE(tells(kept, Origin::checkpoint)) << kept.device_id;
  // A clock that is ahead holds the latest for MAX_CLOCK_SKEW only.
  checkpoint({update("c", 400, 400)}, at(500));
  EXPECT_TRUE(tells(update("c", 400, 400), Origin::checkpoint));
}

TEST_P(LoadLatest, gives_the_newest_receipt) {
  commit_fresh(*session_, {update("a", 5, 10), update("b", 1, 30), update("c", 9, 20)});
  const auto recovered = session_->load_latest([](StatusUpdate&&, Origin) {});
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->newest_received, at(30));
}

// Else, after the clock was set back, an update could be received before the watermark, and a start would pass it by.
TEST_P(LoadLatest, gives_no_receipt_before_the_watermark) {
  commit_fresh(*session_, {update("a", 5, 10)});
  checkpoint({update("a", 5, 10)}, at(40));
  const auto recovered = session_->load_latest([](StatusUpdate&&, Origin) {});
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->newest_received, at(40));
}

TEST_P(LoadLatest, keeps_times_that_no_clock_should_show) {
  const StatusUpdate earliest{"earliest", {earliest_timestamp, at(1), 0, 0, false}};
  commit_fresh(*session_, {earliest});
  ASSERT_TRUE(session_->write_checkpoint(std::vector{earliest}));
  EXPECT_TRUE(tells(earliest, Origin::checkpoint));
  EXPECT_TRUE(tells(earliest, Origin::history));
}

TEST_P(LoadLatest, tells_the_watermark_and_the_newest_time_of_receipt) {
  const auto read = [&] { return session_->load_latest([](StatusUpdate&&, Origin) {}).value(); };
  EXPECT_EQ(read().watermark, Timestamp{});
  commit_fresh(*session_, {update("a", 1, 9)});
  ASSERT_TRUE(session_->set_watermark(at(5)));
  EXPECT_EQ(read().watermark, at(5));
  EXPECT_EQ(read().newest_received, at(9));
}

TEST_P(LoadLatest, reads_more_from_a_watermark_that_was_lowered) {
  const auto old = update("a", 1, 1), early = update("b", 1, 1000), right = update("c", 1, 2);
  commit_fresh(*session_, {old, early});
  checkpoint({old, early}, at(1001));
  ASSERT_TRUE(session_->set_watermark(at(2)));
  commit_fresh(*session_, {right});
  EXPECT_TRUE(tells(right, Origin::history));
  EXPECT_TRUE(tells(early, Origin::checkpoint));
  EXPECT_FALSE(tells(old, Origin::history));
}

TEST_P(LoadLatest, is_of_a_database_with_an_identity) {
  const auto identity = session_->identity().value();
  EXPECT_FALSE(identity.empty());
  EXPECT_EQ(std::move(store_->open().value())->identity().value(), identity);
}

}  // namespace
}  // namespace ubiety::test
