// What the shard in actors/shard/shard.hpp does with an update that is stored already.
#include "actors/shard/shard.hpp"

#include <gtest/gtest.h>

#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::copies_of;
using test::Outcomes;
using test::update_of;
using test::Updates;

class ShardRepeatsTest : public ::testing::Test, protected test::DrivenShard {};

TEST_F(ShardRepeatsTest, writes_no_update_again_that_is_in_its_tail) {
  store({update_of("a", 10)});
  const auto ticket = submit_each({update_of("a", 10, 12), update_of("b", 1)});
  EXPECT_EQ(copies_of(last_batch().write), Updates{update_of("b", 1)});
  finish_last_batch();
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::duplicate);
  EXPECT_EQ(latest("a"), update_of("a", 10).status) << "the first time of receipt stays";
}

TEST_F(ShardRepeatsTest, answers_without_a_commit_when_all_is_stored_already) {
  store({update_of("a", 10), update_of("b", 10)});
  const auto ticket = submit({update_of("a", 10, 12), update_of("b", 10, 12)});
  EXPECT_EQ(batches.size(), 1u);
  EXPECT_EQ(outcomes_of(ticket), (Outcomes{UpdateOutcome::duplicate, UpdateOutcome::duplicate}));
  submit_each({update_of("c", 1)});
  EXPECT_EQ(batches.size(), 2u) << "nothing is in flight";
}

// A device with a clock of whole seconds reports "on", then "off", and then repeats "on", which got no answer.
TEST_F(ShardRepeatsTest, takes_nothing_back_when_an_update_is_repeated) {
  store({update_of("a", 10, 10, 50)});
  store({update_of("a", 10, 11, 51)});
  const auto ticket = submit_each({update_of("a", 10, 12, 50)});
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::duplicate);
  EXPECT_EQ(latest("a"), update_of("a", 10, 11, 51).status);
}

TEST_F(ShardRepeatsTest, takes_nothing_back_when_a_clock_that_ran_ahead_repeats) {
  const auto hour = 3600;
  store({update_of("a", hour, 0)});
  store({update_of("a", 400, 400)});
  ASSERT_EQ(latest("a"), update_of("a", 400, 400).status);
  const auto ticket = submit_each({update_of("a", hour, 401)});
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::duplicate);
  EXPECT_EQ(latest("a"), update_of("a", 400, 400).status);
}

TEST_F(ShardRepeatsTest, has_the_store_asked_for_what_would_be_latest_and_may_be_stored) {
  load_latest(update_of("a", 10, 10, 51));
  submit_each({update_of("a", 10, 12, 50), update_of("a", 9, 12), update_of("a", 11), update_of("new", 1)});
  EXPECT_EQ(last_batch().write.size(), 4u);
  EXPECT_EQ(copies_of(last_batch().doubtful), Updates{update_of("a", 10, 12, 50)})
      << "a late update changes no latest status, and a merge folds repetitions";
}

TEST_F(ShardRepeatsTest, has_the_store_asked_after_a_clock_ran_ahead) {
  load_latest(update_of("a", 400), noon + test::seconds(3600));
  submit_each({update_of("a", 3600, 401), update_of("a", 3601, 401)});
  EXPECT_EQ(copies_of(last_batch().doubtful), Updates{update_of("a", 3600, 401)});
}

// After a merge the tail still has what came since: an update of the same second is no repetition then.
TEST_F(ShardRepeatsTest, asks_not_for_what_the_tail_proves_to_be_new) {
  store({update_of("a", 10, 10, 50)});
  submit_each({update_of("a", 10, 11, 51)});
  EXPECT_TRUE(last_batch().doubtful.empty());
  finish_last_batch();
  drop_all();
  submit_each({update_of("a", 10, 12, 52)});
  EXPECT_EQ(last_batch().doubtful.size(), 1u);
}

TEST_F(ShardRepeatsTest, answers_what_the_writer_found_stored) {
  load_latest(update_of("a", 10, 10, 51));
  const auto ticket = submit_each({update_of("a", 10, 12, 50)});
  last_batch().parcels[0]->updates()[0].outcome = UpdateOutcome::duplicate;
  finish_last_batch();
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::duplicate);
  EXPECT_EQ(latest("a"), update_of("a", 10, 10, 51).status);
  EXPECT_TRUE(tail_of("a").empty());
}

TEST_F(ShardRepeatsTest, writes_an_exact_repetition_once_as_first_received) {
  const auto ticket =
      submit_each({update_of("a", 1, 2), update_of("a", 1, 4), update_of("a", 1, 3), update_of("b", 1)});
  EXPECT_EQ(copies_of(last_batch().write), (Updates{update_of("a", 1, 2), update_of("b", 1)}));
  EXPECT_EQ(last_batch().parcels.size(), 4u);
  finish_last_batch();
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::stored);
  EXPECT_EQ(outcome_of(ticket + 1), UpdateOutcome::duplicate);
  EXPECT_EQ(outcome_of(ticket + 2), UpdateOutcome::duplicate);
  EXPECT_EQ(latest("a"), update_of("a", 1, 2).status);
}

TEST_F(ShardRepeatsTest, keeps_other_values_of_the_same_time_apart) {
  auto offline = update_of("a", 1), weak = update_of("a", 1);
  offline.status.online = false;
  weak.status.rssi = -90;
  submit_each({update_of("a", 1), update_of("a", 1, 1, 50), offline, weak});
  EXPECT_EQ(last_batch().write.size(), 4u);
}

TEST_F(ShardRepeatsTest, writes_a_repetition_within_a_parcel_once) {
  submit({update_of("a", 1, 2), update_of("a", 1, 4), update_of("b", 1)});
  EXPECT_EQ(batches.back()->write.size(), 2u);
}

// The shard does not pass it to the writer.
TEST_F(ShardRepeatsTest, has_heard_the_device_of_a_repeated_update) {
  store({update_of("a", 1, 1), update_of("a", 2, 2)});
  const auto ticket = submit_each({update_of("a", 1, 10)});
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::duplicate);
  EXPECT_EQ(batches.size(), 1u);
  EXPECT_EQ(latest("a"), update_of("a", 2, 2).status);
  EXPECT_EQ(state_of("a")->last_heard, noon + test::seconds(10));
}

}  // namespace
}  // namespace ubiety
