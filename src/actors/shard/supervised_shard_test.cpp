#include "actors/shard/supervised_shard.hpp"

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <stdexcept>

#include "support/fakes.hpp"

namespace ubiety {
namespace {

using test::update_of;

class SupervisedShardTest : public ::testing::Test {
 protected:
  SupervisedShardTest() { state_.set_loaded(); }

  // Whether the shard is to be told.
  bool put(const StatusUpdate& update) {
    std::vector<Submission> submissions;
    submissions.push_back({update, now_ + std::chrono::seconds(5), outcomes_.reply_to(next_ticket_++), {}});
    return intake_.put(std::move(submissions), false);
  }
  // Gives the ticket.
  std::uint64_t submit(const StatusUpdate& update) {
    put(update);
    shard_.take_submissions();
    return next_ticket_ - 1;
  }
  void finish_last_batch() {
    const auto batch = batches_.back();
    shard_.take_submissions();
    shard_.use_to_write([&](Shard& shard) { shard.batch_done(*batch, true); });
  }
  void fail() {
    shard_.use([](Shard&) { throw std::runtime_error("as the test wants it"); });
  }
  void load(const StatusUpdate& update) {
    shard_.use_to_write([&](Shard& shard) { shard.load({update}, Origin::history); });
  }

  // nullopt when it is not read from.
  std::optional<std::optional<Status>> latest(const DeviceId& device_id) {
    test::Answers<std::optional<Status>> answers;
    shard_.use_complete([&](Shard& shard) { shard.read_latest({{device_id, answers.reply_to(0)}}); });
    return answers.of(0);
  }
  ShardChanges changes() { return shard_.collect_changes({noon + test::seconds(1000), test::all_changes}); }

  SteadyTime now_{};
  ServiceState state_;
  LatestView view_;
  SubmissionIntake intake_;
  test::Answers<UpdateOutcome> outcomes_;
  std::uint64_t next_ticket_ = 0;
  std::vector<std::shared_ptr<Batch>> batches_;
  std::vector<RecoverShard> lost_;
  SupervisedShard shard_{
      std::make_unique<Shard>(
          3, NewerThan(test::seconds(300)), test::unread,
          [this](std::shared_ptr<Batch> batch) { batches_.push_back(std::move(batch)); }, [this] { return now_; }),
      state_, view_, intake_, [this](RecoverShard lost) { lost_.push_back(lost); }};
};

TEST_F(SupervisedShardTest, LooksForWhatCameMeanwhileByItself) {
  EXPECT_TRUE(put(update_of("a", 1))) << "it is to be told";
  EXPECT_FALSE(put(update_of("b", 1))) << "it was told already";
  shard_.take_submissions();
  ASSERT_EQ(batches_.size(), 1u);
  EXPECT_EQ(batches_.back()->submissions.size(), 2u);
  EXPECT_FALSE(put(update_of("c", 1))) << "a batch is on its way";
  finish_last_batch();
  ASSERT_EQ(batches_.size(), 2u);
  finish_last_batch();
  EXPECT_TRUE(put(update_of("d", 1))) << "it looks no more";
}

TEST_F(SupervisedShardTest, TakesWhatIsThereWhenItBecomesIdle) {
  submit(update_of("a", 1));
  put(update_of("b", 1));
  const auto batch = batches_.back();
  shard_.use_to_write([&](Shard& shard) { shard.batch_done(*batch, true); });  // came just after it looked
  ASSERT_EQ(batches_.size(), 2u);
  EXPECT_EQ(batches_.back()->submissions.front().update.device_id, "b");
}

TEST_F(SupervisedShardTest, CountsWhatIsInTheIntakeForTheWatermark) {
  submit(update_of("a", 1, 10));
  finish_last_batch();
  put(update_of("b", 1, 20));
  EXPECT_EQ(changes().watermark, noon + test::seconds(20));
}

TEST_F(SupervisedShardTest, AsksForItsDevicesAndIsCountedWhenItFails) {
  fail();
  ASSERT_EQ(lost_.size(), 1u);
  EXPECT_EQ(lost_[0].shard, 3u);
  EXPECT_EQ(state_.restarts(), 1u);
  EXPECT_FALSE(state_.readable());
  shard_.recovered({lost_[0].incarnation});
  EXPECT_TRUE(state_.readable());
}

TEST_F(SupervisedShardTest, IsNotReadUntilItHasItsDevicesAgain) {
  submit(update_of("a", 1));
  finish_last_batch();
  fail();
  EXPECT_EQ(latest("a"), std::nullopt);
  load(update_of("a", 1));
  EXPECT_EQ(latest("a"), std::nullopt) << "others may be missing";
  shard_.recovered({lost_[0].incarnation});
  EXPECT_EQ(latest("a"), std::optional(std::optional(update_of("a", 1).status)));
}

TEST_F(SupervisedShardTest, TakesTheBatchBackThatWasOnItsWay) {
  const auto on_its_way = submit(update_of("a", 1));
  fail();
  const auto open = submit(update_of("b", 2));
  EXPECT_EQ(batches_.size(), 1u) << "one batch at a time, before and after a failure";
  finish_last_batch();
  EXPECT_EQ(outcomes_.of(on_its_way), UpdateOutcome::stored);
  ASSERT_EQ(batches_.size(), 2u);
  finish_last_batch();
  EXPECT_EQ(outcomes_.of(open), UpdateOutcome::stored);
}

TEST_F(SupervisedShardTest, TellsThoseWhoWaitedInTheOpenBatch) {
  submit(update_of("a", 1));
  const auto waiting = submit(update_of("b", 1));
  fail();
  EXPECT_EQ(outcomes_.of(waiting), UpdateOutcome::unavailable);
  finish_last_batch();
  EXPECT_EQ(batches_.size(), 1u);
}

TEST_F(SupervisedShardTest, HoldsTheWatermarkForABatchOfItsPredecessor) {
  submit(update_of("a", 1, 10));
  fail();
  shard_.recovered({lost_[0].incarnation});
  EXPECT_EQ(changes().watermark, noon + test::seconds(10));
}

TEST_F(SupervisedShardTest, GivesNothingToTheCheckpointUntilItIsComplete) {
  submit(update_of("a", 1));
  finish_last_batch();
  fail();
  EXPECT_EQ(changes().statuses, nullptr);
  load(update_of("a", 1));
  shard_.recovered({lost_[0].incarnation});
  ASSERT_NE(changes().statuses, nullptr);
}

TEST_F(SupervisedShardTest, IsNotCompleteByWhatAnEarlierFailureAskedFor) {
  fail();
  fail();
  ASSERT_EQ(lost_.size(), 2u);
  shard_.recovered({lost_[0].incarnation});
  EXPECT_FALSE(state_.readable());
  shard_.recovered({lost_[1].incarnation});
  EXPECT_TRUE(state_.readable());
  shard_.recovered({lost_[1].incarnation});
  EXPECT_TRUE(state_.readable()) << "found once, however often it is told";
}

TEST_F(SupervisedShardTest, IsReadPastItsMailboxOnlyWhenItIsComplete) {
  load(update_of("a", 1));
  EXPECT_FALSE(view_.try_find("a").has_value()) << "others may be missing";
  shard_.recovered({0});
  EXPECT_EQ(view_.try_find("a").value(), update_of("a", 1).status);
  EXPECT_EQ(view_.try_find("b").value(), std::nullopt);
  fail();
  EXPECT_FALSE(view_.try_find("a").has_value());
  shard_.recovered({0});
  EXPECT_FALSE(view_.try_find("a").has_value()) << "that was the predecessor";
  load(update_of("a", 1));
  shard_.recovered({lost_[0].incarnation});
  EXPECT_EQ(view_.try_find("a").value(), update_of("a", 1).status);
}

TEST_F(SupervisedShardTest, IsNotReadPastItsMailboxWhileItWrites) {
  shard_.recovered({0});
  const auto is_read = [this] {
    return std::async(std::launch::async, [this] { return view_.try_find("a"); }).get().has_value();
  };
  shard_.use_to_write([&](Shard&) { EXPECT_FALSE(is_read()); });
  EXPECT_TRUE(is_read());
  shard_.use_to_write([](Shard&) { throw std::runtime_error("as the test wants it"); });
  EXPECT_FALSE(is_read());
}

TEST_F(SupervisedShardTest, HasNoVersionThatItsPredecessorHad) {
  std::vector<std::uint64_t> versions;
  const auto note_version = [&] { shard_.use([&](Shard& shard) { versions.push_back(shard.table().version()); }); };
  submit(update_of("a", 1));
  note_version();
  finish_last_batch();
  note_version();
  fail();
  note_version();
  load(update_of("a", 1));
  note_version();
  EXPECT_EQ(std::set(versions.begin(), versions.end()).size(), versions.size());
}

}  // namespace
}  // namespace ubiety
