#include "actors/shard/shard.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::copies_of;
using test::Outcomes;
using test::update_of;
using test::Updates;

void render(std::string& out, std::string_view device_id, const DeviceState&) { out.append(",").append(device_id); }

class ShardTest : public ::testing::Test, protected test::DrivenShard {
 protected:
  ShardTest() : DrivenShard({3, NewerThan(test::seconds(300)), {render, nullptr}}) {}
};

TEST_F(ShardTest, sends_at_once_when_nothing_is_in_flight) {
  submit_each({update_of("a", 1), update_of("b", 1)});
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_EQ(last_batch().shard, 3u);
  EXPECT_EQ(last_batch().parcels.size(), 2u);
}

TEST_F(ShardTest, has_one_batch_in_flight_at_a_time) {
  submit_each({update_of("a", 1)});
  submit_each({update_of("b", 1)});
  submit_each({update_of("c", 1), update_of("d", 1)});
  EXPECT_EQ(batches.size(), 1u);
  finish_last_batch();
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(last_batch().parcels.size(), 3u);
  finish_last_batch();
  EXPECT_EQ(batches.size(), 2u);
  submit_each({update_of("e", 1)});
  EXPECT_EQ(batches.size(), 3u);
}

TEST_F(ShardTest, applies_and_answers_after_the_commit_only) {
  const auto ticket = submit_each({update_of("a", 1)});
  EXPECT_FALSE(outcome_of(ticket));
  EXPECT_FALSE(latest("a"));
  EXPECT_FALSE(shard().knows("a"));
  EXPECT_EQ(shard().table().size(), 0u);
  finish_last_batch();
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::stored);
  EXPECT_EQ(latest("a"), update_of("a", 1).status);
  EXPECT_TRUE(shard().knows("a"));
  EXPECT_EQ(shard().table().size(), 1u);
}

// The store does not wait for the answers, which may take longer than its commit.
TEST_F(ShardTest, sends_the_next_batch_before_it_answers) {
  struct Observed {
    const std::vector<std::shared_ptr<Batch>>& sent;
    std::size_t sent_when_answered = 0;
  } observed{batches};
  Parcels parcels;
  parcels.push_back(parcel({update_of("a", 1)}));
  parcels.back()->reply = {[](void* of_test, std::uint64_t, ParcelPointer&&) {
                             auto& [sent, sent_when_answered] = *static_cast<Observed*>(of_test);
                             sent_when_answered = sent.size();
                           },
                           &observed, 0};
  shard().submit(std::move(parcels));
  submit_each({update_of("b", 1)});
  finish_last_batch();
  EXPECT_EQ(observed.sent_when_answered, 2u);
}

TEST_F(ShardTest, answers_each_with_its_own_outcome) {
  store({update_of("a", 10)});
  const auto ticket = submit_each({update_of("a", 10, 11), update_of("a", 5, 12), update_of("b", 1)});
  finish_last_batch();
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::duplicate);
  EXPECT_EQ(outcome_of(ticket + 1), UpdateOutcome::late);
  EXPECT_EQ(outcome_of(ticket + 2), UpdateOutcome::stored);
}

TEST_F(ShardTest, answers_unavailable_and_changes_nothing_without_a_commit) {
  store({update_of("a", 1)});
  const auto ticket = submit_each({update_of("a", 2), update_of("b", 1)});
  finish_last_batch(false);
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::unavailable);
  EXPECT_EQ(outcome_of(ticket + 1), UpdateOutcome::unavailable);
  EXPECT_EQ(latest("a"), update_of("a", 1).status);
  EXPECT_FALSE(shard().knows("b"));
}

TEST_F(ShardTest, answers_refused_and_changes_nothing_for_that_update) {
  const auto ticket = submit_each({update_of("a", 1), update_of("b", 1)});
  last_batch().parcels[0]->updates()[0].outcome = UpdateOutcome::refused;
  finish_last_batch();
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::refused);
  EXPECT_EQ(outcome_of(ticket + 1), UpdateOutcome::stored);
  EXPECT_FALSE(shard().knows("a"));
  EXPECT_TRUE(shard().knows("b"));
}

TEST_F(ShardTest, drops_what_expired_before_it_is_sent) {
  submit_each({update_of("a", 1)});
  const auto expiring = submit_each({update_of("b", 1)});
  now += std::chrono::seconds(5);
  const auto in_time = submit_each({update_of("c", 1)});
  EXPECT_FALSE(outcome_of(expiring));
  finish_last_batch();
  EXPECT_EQ(outcome_of(expiring), UpdateOutcome::expired);
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(copies_of(last_batch().write), Updates{update_of("c", 1)});
  finish_last_batch();
  EXPECT_EQ(outcome_of(in_time), UpdateOutcome::stored);
  EXPECT_FALSE(shard().knows("b"));
}

TEST_F(ShardTest, sends_nothing_when_all_expired) {
  submit_each({update_of("a", 1)});
  submit_each({update_of("b", 1)});
  now += std::chrono::seconds(5);
  finish_last_batch();
  EXPECT_EQ(batches.size(), 1u);
  submit_each({update_of("c", 1)});
  EXPECT_EQ(batches.size(), 2u);
}

TEST_F(ShardTest, never_expires_what_is_in_flight) {
  const auto ticket = submit_each({update_of("a", 1)});
  now += std::chrono::hours(1);
  finish_last_batch();
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::stored);
  EXPECT_TRUE(shard().knows("a"));
}

TEST_F(ShardTest, sorts_a_batch_by_device_and_time) {
  submit_each({update_of("b", 2), update_of("a", 3), update_of("b", 1), update_of("a", -1)});
  EXPECT_EQ(copies_of(last_batch().write),
            (Updates{update_of("a", -1), update_of("a", 3), update_of("b", 1), update_of("b", 2)}));
}

TEST_F(ShardTest, answers_every_query) {
  store({update_of("a", 1), update_of("b", 2)});
  test::Answers<std::optional<DeviceDetails>> states;
  shard().read_latest({{"b", states.reply_to(1)}, {"nobody", states.reply_to(2)}, {"a", states.reply_to(3)}});
  EXPECT_EQ(status_of(states.of(1).value()), update_of("b", 2).status);
  EXPECT_EQ(states.of(2).value(), std::nullopt);
  EXPECT_EQ(status_of(states.of(3).value()), update_of("a", 1).status);
}

TEST_F(ShardTest, answers_a_parcel_once_as_a_whole) {
  const auto ticket = submit({update_of("a", 10), update_of("b", 1), update_of("a", 10, 11), update_of("a", 5, 12)});
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_FALSE(outcomes_of(ticket));
  EXPECT_FALSE(shard().knows("a"));
  finish_last_batch();
  EXPECT_EQ(outcomes_of(ticket),
            (Outcomes{UpdateOutcome::stored, UpdateOutcome::stored, UpdateOutcome::duplicate, UpdateOutcome::late}));
  EXPECT_TRUE(shard().knows("a"));
}

TEST_F(ShardTest, commits_parcels_together_with_all_that_waits) {
  submit({update_of("a", 1)});
  const auto of_two = submit({update_of("b", 1), update_of("c", 1)});
  const auto single = submit({update_of("d", 1)});
  const auto another = submit({update_of("b", 2)});
  EXPECT_EQ(batches.size(), 1u);
  finish_last_batch();
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(batches.back()->write.size(), 4u);
  finish_last_batch();
  EXPECT_EQ(outcomes_of(of_two), (Outcomes{UpdateOutcome::stored, UpdateOutcome::stored}));
  EXPECT_EQ(outcome_of(single), UpdateOutcome::stored);
  EXPECT_EQ(outcomes_of(another), Outcomes{UpdateOutcome::stored});
}

TEST_F(ShardTest, answers_a_parcel_unavailable_without_a_commit) {
  const auto ticket = submit({update_of("a", 1), update_of("b", 1)});
  finish_last_batch(false);
  EXPECT_EQ(outcomes_of(ticket), (Outcomes{UpdateOutcome::unavailable, UpdateOutcome::unavailable}));
  EXPECT_FALSE(shard().knows("a"));
}

TEST_F(ShardTest, stores_the_others_of_a_parcel_with_a_refused_update) {
  const auto ticket = submit({update_of("a", 1), update_of("b", 1)});
  last_batch().parcels[0]->updates()[0].outcome = UpdateOutcome::refused;
  finish_last_batch();
  EXPECT_EQ(outcomes_of(ticket), (Outcomes{UpdateOutcome::refused, UpdateOutcome::stored}));
  EXPECT_FALSE(shard().knows("a"));
  EXPECT_TRUE(shard().knows("b"));
}

TEST_F(ShardTest, drops_a_parcel_that_expired_as_a_whole) {
  submit({update_of("a", 1)});
  const auto expiring = submit({update_of("b", 1), update_of("c", 1)});
  now += std::chrono::seconds(5);
  finish_last_batch();
  EXPECT_EQ(outcomes_of(expiring), (Outcomes{UpdateOutcome::expired, UpdateOutcome::expired}));
  EXPECT_EQ(batches.size(), 1u);
}

TEST_F(ShardTest, answers_open_parcels_unavailable_when_it_fails) {
  submit({update_of("a", 1)});
  const auto open = submit({update_of("b", 1)});
  replace_shard();
  EXPECT_EQ(outcomes_of(open), Outcomes{UpdateOutcome::unavailable});
}

TEST_F(ShardTest, returns_the_credit_with_the_parcel) {
  Admission admission({10, 1000}, 1, {10, 1000});
  submit({update_of("a", 1), update_of("b", 1)}, std::move(*admission.admit({2, 100})));
  finish_last_batch();
  batches.clear();
  EXPECT_EQ(admission.all().in_flight().updates, 2);
  answers.clear();
  EXPECT_EQ(admission.all().in_flight().updates, 0);
}

TEST_F(ShardTest, knows_the_oldest_update_that_waits) {
  EXPECT_EQ(shard().oldest_waiting(), latest_timestamp);
  submit_each({update_of("a", 0, 1)});
  submit_each({update_of("b", 0, 2)});
  submit_each({update_of("c", 0, 3)});
  EXPECT_EQ(shard().oldest_waiting(), noon + test::seconds(1));
  finish_last_batch();
  EXPECT_EQ(shard().oldest_waiting(), noon + test::seconds(2));
  finish_last_batch();
  EXPECT_EQ(shard().oldest_waiting(), latest_timestamp);
}

}  // namespace
}  // namespace ubiety
