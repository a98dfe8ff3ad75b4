// Groups: updates of one request that a shard makes durable together and answers together.
#include <gtest/gtest.h>

#include "actors/shard/shard.hpp"
#include "support/fakes.hpp"

namespace ubiety {
namespace {

using test::update_of;
using Group = std::shared_ptr<UpdateGroup>;
using Outcomes = std::vector<UpdateOutcome>;

class ShardGroups : public ::testing::Test {
 protected:
  // Gives the ticket of its answer.
  std::uint64_t submit(std::vector<StatusUpdate> updates, Credit credit = {}) {
    auto group = std::make_shared<UpdateGroup>();
    group->outcomes.resize(updates.size());
    group->updates = std::move(updates);
    group->deadline = now_ + std::chrono::seconds(5);
    group->reply = answers_.reply_to(next_ticket_);
    group->credit = std::move(credit);
    shard_->submit(std::move(group));
    return next_ticket_++;
  }
  std::uint64_t submit_one(const StatusUpdate& update) {
    std::vector<Submission> submissions;
    submissions.push_back({update, now_ + std::chrono::seconds(5), single_answers_.reply_to(next_ticket_), {}});
    shard_->submit(submissions);
    return next_ticket_++;
  }

  void finish_last_batch(bool committed = true) {
    const auto batch = batches_.back();
    shard_->batch_done(*batch, committed);
  }

  std::optional<Outcomes> outcomes_of(std::uint64_t ticket) {
    const auto answer = answers_.of(ticket);
    if (!answer) return std::nullopt;
    return (*answer)->outcomes;
  }

  Timestamp watermark() { return shard_->collect_changes({noon + test::seconds(100), test::all_changes}).watermark; }

  test::Answers<Group> answers_;
  test::Answers<UpdateOutcome> single_answers_;
  std::uint64_t next_ticket_ = 0;
  SteadyTime now_{};
  std::vector<std::shared_ptr<Batch>> batches_;
  std::unique_ptr<Shard> shard_ = std::make_unique<Shard>(
      0, NewerThan(test::seconds(300)), test::unread,
      [this](std::shared_ptr<Batch> batch) { batches_.push_back(std::move(batch)); }, [this] { return now_; });
};

TEST_F(ShardGroups, AreAnsweredOnceAsAWholeAfterTheCommit) {
  const auto ticket = submit({update_of("a", 10), update_of("b", 1), update_of("a", 10, 11), update_of("a", 5, 12)});
  ASSERT_EQ(batches_.size(), 1u);
  EXPECT_FALSE(outcomes_of(ticket));
  EXPECT_FALSE(shard_->knows("a"));
  finish_last_batch();
  EXPECT_EQ(outcomes_of(ticket),
            (Outcomes{UpdateOutcome::stored, UpdateOutcome::stored, UpdateOutcome::duplicate, UpdateOutcome::late}));
  EXPECT_TRUE(shard_->knows("a"));
}

TEST_F(ShardGroups, AreCommittedTogetherWithAllThatWaits) {
  submit({update_of("a", 1)});
  const auto group = submit({update_of("b", 1), update_of("c", 1)});
  const auto single = submit_one(update_of("d", 1));
  const auto other_group = submit({update_of("b", 2)});
  EXPECT_EQ(batches_.size(), 1u);
  finish_last_batch();
  ASSERT_EQ(batches_.size(), 2u);
  EXPECT_EQ(batches_.back()->write.fresh.size(), 4u);
  finish_last_batch();
  EXPECT_EQ(outcomes_of(group), (Outcomes{UpdateOutcome::stored, UpdateOutcome::stored}));
  EXPECT_EQ(single_answers_.of(single), UpdateOutcome::stored);
  EXPECT_EQ(outcomes_of(other_group), Outcomes{UpdateOutcome::stored});
}

TEST_F(ShardGroups, WriteAnExactRepetitionOnce) {
  submit({update_of("a", 1, 2), update_of("a", 1, 4), update_of("b", 1)});
  EXPECT_EQ(batches_.back()->write.fresh.size(), 2u);
}

TEST_F(ShardGroups, AreUnavailableWithoutACommit) {
  const auto ticket = submit({update_of("a", 1), update_of("b", 1)});
  finish_last_batch(false);
  EXPECT_EQ(outcomes_of(ticket), (Outcomes{UpdateOutcome::unavailable, UpdateOutcome::unavailable}));
  EXPECT_FALSE(shard_->knows("a"));
}

TEST_F(ShardGroups, HaveARefusedUpdateNotSpoilTheOthers) {
  const auto ticket = submit({update_of("a", 1), update_of("b", 1)});
  batches_.back()->groups[0]->outcomes[0] = UpdateOutcome::refused;
  finish_last_batch();
  EXPECT_EQ(outcomes_of(ticket), (Outcomes{UpdateOutcome::refused, UpdateOutcome::stored}));
  EXPECT_FALSE(shard_->knows("a"));
  EXPECT_TRUE(shard_->knows("b"));
}

TEST_F(ShardGroups, AreDroppedWhenTheyExpireBeforeTheyAreHandedOver) {
  submit({update_of("a", 1)});
  const auto expiring = submit({update_of("b", 1), update_of("c", 1)});
  now_ += std::chrono::seconds(5);
  finish_last_batch();
  EXPECT_EQ(outcomes_of(expiring), (Outcomes{UpdateOutcome::expired, UpdateOutcome::expired}));
  EXPECT_EQ(batches_.size(), 1u);
}

TEST_F(ShardGroups, HoldTheWatermarkBack) {
  submit({update_of("a", 0, 5), update_of("b", 0, 6)});
  submit({update_of("c", 0, 3), update_of("d", 0, 4)});
  EXPECT_EQ(watermark(), noon + test::seconds(3));
  finish_last_batch();
  EXPECT_EQ(watermark(), noon + test::seconds(3));
  finish_last_batch();
  EXPECT_EQ(watermark(), noon + test::seconds(100));
}

TEST_F(ShardGroups, AreUnavailableWhenTheirShardFails) {
  submit({update_of("a", 1)});
  const auto open = submit({update_of("b", 1)});
  shard_ = shard_->successor();
  EXPECT_EQ(outcomes_of(open), Outcomes{UpdateOutcome::unavailable});
}

TEST_F(ShardGroups, TakeTheirCreditAlongToTheAnswer) {
  Admission admission({10, 1000}, 1, {10, 1000});
  submit({update_of("a", 1), update_of("b", 1)}, std::move(*admission.admit({2, 100})));
  finish_last_batch();
  batches_.clear();
  EXPECT_EQ(admission.all().in_flight().updates, 2);
  answers_.clear();
  EXPECT_EQ(admission.all().in_flight().updates, 0);
}

}  // namespace
}  // namespace ubiety
