#include "actors/shard/shard.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/fakes.hpp"

namespace ubiety {
namespace {

using test::update_of;
using Updates = std::vector<StatusUpdate>;

void render(std::string& out, std::string_view device_id, const Status&) { out.append(",").append(device_id); }

Updates updates_of(const UpdateList& list) {
  Updates updates;
  for (const auto* update : list) updates.push_back(*update);
  return updates;
}

// A shard whose writer is the test.
class ShardTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t number = 3;

  Submission submission(const StatusUpdate& update) {
    return {update, now_ + std::chrono::seconds(5), answers_.reply_to(next_ticket_++), {}};
  }

  // Gives the ticket of the first.
  std::uint64_t submit(const Updates& updates) {
    const auto first = next_ticket_;
    std::vector<Submission> submissions;
    for (const auto& update : updates) submissions.push_back(submission(update));
    shard_.submit(submissions);
    return first;
  }

  Batch& last_batch() { return *batches_.back(); }
  void finish_last_batch(bool committed = true) {
    const auto batch = batches_.back();
    shard_.batch_done(*batch, committed);
  }
  void store(const Updates& updates) {
    submit(updates);
    finish_last_batch();
  }

  std::optional<Status> latest(const DeviceId& device_id) {
    test::Answers<std::optional<Status>> answers;
    shard_.read_latest({{device_id, answers.reply_to(0)}});
    return answers.of(0).value();
  }

  Timestamp watermark(int handed_over) {
    return shard_.collect_changes({noon + test::seconds(handed_over), test::all_changes}).watermark;
  }

  test::Answers<UpdateOutcome> answers_;
  std::uint64_t next_ticket_ = 0;
  SteadyTime now_{};
  std::vector<std::shared_ptr<Batch>> batches_;
  Shard shard_{number,
               NewerThan(test::seconds(300)),
               {render, nullptr},
               [this](std::shared_ptr<Batch> batch) { batches_.push_back(std::move(batch)); },
               [this] { return now_; }};
};

TEST_F(ShardTest, HandsOverAtOnceWhenNothingIsOnItsWay) {
  submit({update_of("a", 1), update_of("b", 1)});
  ASSERT_EQ(batches_.size(), 1u);
  EXPECT_EQ(last_batch().shard, number);
  EXPECT_EQ(last_batch().submissions.size(), 2u);
}

TEST_F(ShardTest, HasOneBatchOnItsWayAtATime) {
  submit({update_of("a", 1)});
  submit({update_of("b", 1)});
  submit({update_of("c", 1), update_of("d", 1)});
  EXPECT_EQ(batches_.size(), 1u);
  finish_last_batch();
  ASSERT_EQ(batches_.size(), 2u);
  EXPECT_EQ(last_batch().submissions.size(), 3u);
  finish_last_batch();
  EXPECT_EQ(batches_.size(), 2u);
  submit({update_of("e", 1)});
  EXPECT_EQ(batches_.size(), 3u);
}

TEST_F(ShardTest, AppliesAndAnswersAfterTheCommitOnly) {
  const auto ticket = submit({update_of("a", 1)});
  EXPECT_FALSE(answers_.of(ticket));
  EXPECT_FALSE(latest("a"));
  EXPECT_FALSE(shard_.knows("a"));
  EXPECT_EQ(shard_.table().size(), 0u);
  finish_last_batch();
  EXPECT_EQ(answers_.of(ticket), UpdateOutcome::stored);
  EXPECT_EQ(latest("a"), update_of("a", 1).status);
  EXPECT_TRUE(shard_.knows("a"));
  EXPECT_EQ(shard_.table().size(), 1u);
}

// The store does not wait for the answers, which may take longer than its commit.
TEST_F(ShardTest, HandsOverTheNextBatchBeforeItAnswers) {
  struct Observed {
    const std::vector<std::shared_ptr<Batch>>& batches;
    std::size_t batches_when_answered = 0;
  } observed{batches_};
  const Reply<UpdateOutcome> reply{[](void* of_test, std::uint64_t, UpdateOutcome&&) {
                                     auto& [batches, batches_when_answered] = *static_cast<Observed*>(of_test);
                                     batches_when_answered = batches.size();
                                   },
                                   &observed, 0};
  std::vector<Submission> submissions;
  submissions.push_back({update_of("a", 1), now_ + std::chrono::seconds(5), reply, {}});
  shard_.submit(submissions);
  submit({update_of("a", 1)});
  finish_last_batch();
  EXPECT_EQ(observed.batches_when_answered, 2u);
  EXPECT_EQ(last_batch().write.doubtful.size(), 1u) << "what was committed before counts already";
}

TEST_F(ShardTest, AnswersEachWithItsOwnOutcome) {
  store({update_of("a", 10)});
  const auto ticket = submit({update_of("a", 10, 11), update_of("a", 5, 12), update_of("b", 1)});
  finish_last_batch();
  EXPECT_EQ(answers_.of(ticket), UpdateOutcome::duplicate);
  EXPECT_EQ(answers_.of(ticket + 1), UpdateOutcome::late);
  EXPECT_EQ(answers_.of(ticket + 2), UpdateOutcome::stored);
}

TEST_F(ShardTest, AnswersUnavailableAndChangesNothingWithoutACommit) {
  store({update_of("a", 1)});
  const auto ticket = submit({update_of("a", 2), update_of("b", 1)});
  finish_last_batch(false);
  EXPECT_EQ(answers_.of(ticket), UpdateOutcome::unavailable);
  EXPECT_EQ(answers_.of(ticket + 1), UpdateOutcome::unavailable);
  EXPECT_EQ(latest("a"), update_of("a", 1).status);
  EXPECT_FALSE(shard_.knows("b"));
}

TEST_F(ShardTest, AnswersRefusedAndChangesNothingForThatUpdate) {
  const auto ticket = submit({update_of("a", 1), update_of("b", 1)});
  last_batch().submissions[0].outcome = UpdateOutcome::refused;
  finish_last_batch();
  EXPECT_EQ(answers_.of(ticket), UpdateOutcome::refused);
  EXPECT_EQ(answers_.of(ticket + 1), UpdateOutcome::stored);
  EXPECT_FALSE(shard_.knows("a"));
  EXPECT_TRUE(shard_.knows("b"));
}

TEST_F(ShardTest, DropsWhatExpiredBeforeItIsHandedOver) {
  submit({update_of("a", 1)});
  const auto expiring = submit({update_of("b", 1)});
  now_ += std::chrono::seconds(5);
  const auto in_time = submit({update_of("c", 1)});
  EXPECT_FALSE(answers_.of(expiring));
  finish_last_batch();
  EXPECT_EQ(answers_.of(expiring), UpdateOutcome::expired);
  ASSERT_EQ(batches_.size(), 2u);
  EXPECT_EQ(updates_of(last_batch().write.fresh), Updates{update_of("c", 1)});
  finish_last_batch();
  EXPECT_EQ(answers_.of(in_time), UpdateOutcome::stored);
  EXPECT_FALSE(shard_.knows("b"));
}

TEST_F(ShardTest, HandsNothingOverWhenAllExpired) {
  submit({update_of("a", 1)});
  submit({update_of("b", 1)});
  now_ += std::chrono::seconds(5);
  finish_last_batch();
  EXPECT_EQ(batches_.size(), 1u);
  submit({update_of("c", 1)});
  EXPECT_EQ(batches_.size(), 2u);
}

TEST_F(ShardTest, NeverExpiresWhatIsOnItsWay) {
  const auto ticket = submit({update_of("a", 1)});
  now_ += std::chrono::hours(1);
  finish_last_batch();
  EXPECT_EQ(answers_.of(ticket), UpdateOutcome::stored);
  EXPECT_TRUE(shard_.knows("a"));
}

TEST_F(ShardTest, DividesUpdatesIntoLanes) {
  store({update_of("known", 10)});
  submit({update_of("unknown", 1), update_of("unknown", 2), update_of("known", 9, 11), update_of("known", 10, 12, 50),
          update_of("known", 11)});
  EXPECT_EQ(updates_of(last_batch().write.fresh),
            (Updates{update_of("known", 11), update_of("unknown", 1), update_of("unknown", 2)}));
  EXPECT_EQ(updates_of(last_batch().write.doubtful),
            (Updates{update_of("known", 9, 11), update_of("known", 10, 12, 50)}));
}

TEST_F(ShardTest, WritesAnExactRepetitionOnceAsLastReceived) {
  const auto ticket = submit({update_of("a", 1, 2), update_of("a", 1, 4), update_of("a", 1, 3), update_of("b", 1)});
  EXPECT_EQ(updates_of(last_batch().write.fresh), (Updates{update_of("a", 1, 4), update_of("b", 1)}));
  EXPECT_EQ(last_batch().submissions.size(), 4u);
  finish_last_batch();
  EXPECT_EQ(answers_.of(ticket), UpdateOutcome::stored);
  EXPECT_EQ(answers_.of(ticket + 1), UpdateOutcome::duplicate);
  EXPECT_EQ(answers_.of(ticket + 2), UpdateOutcome::duplicate);
  EXPECT_EQ(latest("a"), update_of("a", 1, 4).status);
}

TEST_F(ShardTest, KeepsOtherValuesOfTheSameTimeApart) {
  auto offline = update_of("a", 1), weak = update_of("a", 1);
  offline.status.online = false;
  weak.status.rssi = -90;
  submit({update_of("a", 1), update_of("a", 1, 1, 50), offline, weak});
  EXPECT_EQ(last_batch().write.fresh.size(), 4u);
}

TEST_F(ShardTest, SortsTheLanesByDeviceAndTime) {
  submit({update_of("b", 2), update_of("a", 3), update_of("b", 1), update_of("a", -1)});
  EXPECT_EQ(updates_of(last_batch().write.fresh),
            (Updates{update_of("a", -1), update_of("a", 3), update_of("b", 1), update_of("b", 2)}));
}

TEST_F(ShardTest, AnswersEveryQuery) {
  store({update_of("a", 1), update_of("b", 2)});
  test::Answers<std::optional<Status>> answers;
  shard_.read_latest({{"b", answers.reply_to(1)}, {"nobody", answers.reply_to(2)}, {"a", answers.reply_to(3)}});
  EXPECT_EQ(answers.of(1).value(), update_of("b", 2).status);
  EXPECT_EQ(answers.of(2).value(), std::nullopt);
  EXPECT_EQ(answers.of(3).value(), update_of("a", 1).status);
}

TEST_F(ShardTest, CollectsTheChangesThatAreDurable) {
  store({update_of("a", 1)});
  submit({update_of("b", 2)});
  submit({update_of("c", 3)});
  EXPECT_EQ(*shard_.collect_changes({noon, test::all_changes}).statuses, Updates{update_of("a", 1)});
  EXPECT_TRUE(shard_.collect_changes({noon, test::all_changes}).statuses->empty());
  finish_last_batch();
  EXPECT_EQ(*shard_.collect_changes({noon, test::all_changes}).statuses, Updates{update_of("b", 2)});
}

TEST_F(ShardTest, GivesItsChangesInParts) {
  store({update_of("a", 1), update_of("b", 1), update_of("c", 1)});
  using Wanted = CollectChanges::Wanted;
  auto part = shard_.collect_changes({noon, 2});
  EXPECT_EQ(part.statuses->size(), 2u);
  EXPECT_TRUE(part.more);
  store({update_of("d", 1)});
  part = shard_.collect_changes({noon, 2, Wanted::more});
  EXPECT_EQ(*part.statuses, (Updates{update_of("c", 1), update_of("d", 1)}));
  EXPECT_FALSE(part.more);
  part = shard_.collect_changes({noon, 9, Wanted::everything});
  EXPECT_EQ(part.statuses->size(), 4u);
}

TEST_F(ShardTest, HasTheWatermarkOfWhatWasHandedOverWhenNothingWaits) {
  EXPECT_EQ(watermark(7), noon + test::seconds(7));
  store({update_of("a", 1)});
  EXPECT_EQ(watermark(7), noon + test::seconds(7));
}

TEST_F(ShardTest, KeepsTheWatermarkBelowWhatIsOnItsWay) {
  submit({update_of("b", 0, 4), update_of("a", 0, 3), update_of("c", 0, 5)});
  EXPECT_EQ(watermark(9), noon + test::seconds(3));
  EXPECT_EQ(watermark(2), noon + test::seconds(2));
  finish_last_batch();
  EXPECT_EQ(watermark(9), noon + test::seconds(9));
}

TEST_F(ShardTest, KeepsTheWatermarkBelowWhatIsOpen) {
  submit({update_of("a", 0, 5)});
  submit({update_of("b", 0, 7), update_of("c", 0, 3)});
  EXPECT_EQ(watermark(9), noon + test::seconds(3));
  finish_last_batch();
  EXPECT_EQ(watermark(9), noon + test::seconds(3));
  finish_last_batch();
  EXPECT_EQ(watermark(9), noon + test::seconds(9));
}

TEST_F(ShardTest, StartsFromWhatTheStoreHad) {
  shard_.load({update_of("a", 10), update_of("b", 10)}, Origin::checkpoint);
  shard_.load({update_of("b", 20)}, Origin::history);
  EXPECT_EQ(latest("b"), update_of("b", 20).status);
  EXPECT_EQ(*shard_.collect_changes({noon, test::all_changes}).statuses, Updates{update_of("b", 20)});
  submit({update_of("a", 9, 30), update_of("a", 11, 30)});
  EXPECT_EQ(last_batch().write.fresh.size(), 1u);
  EXPECT_EQ(last_batch().write.doubtful.size(), 1u);
}

TEST_F(ShardTest, GivesTheCreditBackWithTheAnswer) {
  Admission admission({1, 100}, 1, {1, 100});
  std::vector<Submission> submissions;
  submissions.push_back(submission(update_of("a", 1)));
  submissions.back().credit = std::move(*admission.admit({1, 10}));
  shard_.submit(submissions);
  submissions.clear();
  EXPECT_EQ(admission.all().in_flight().updates, 1);
  finish_last_batch();
  EXPECT_EQ(admission.all().in_flight().updates, 0);
}

TEST_F(ShardTest, KnowsTheOldestUpdateThatWaits) {
  EXPECT_EQ(shard_.oldest_waiting(), latest_timestamp);
  submit({update_of("a", 0, 1)});
  submit({update_of("b", 0, 2)});
  submit({update_of("c", 0, 3)});
  EXPECT_EQ(shard_.oldest_waiting(), noon + test::seconds(1));
  finish_last_batch();
  EXPECT_EQ(shard_.oldest_waiting(), noon + test::seconds(2));
  finish_last_batch();
  EXPECT_EQ(shard_.oldest_waiting(), latest_timestamp);
}

TEST_F(ShardTest, CountsItsDevicesSliceBySlice) {
  constexpr int slices_that_are_full = 2, devices = 120'000;
  static_assert(devices / Shard::devices_counted_at_a_time == slices_that_are_full);
  Updates updates;
  for (int i = 0; i < devices; ++i) {
    updates.push_back(update_of("device-" + std::to_string(i), 1));
    updates.back().status.online = i % 2 == 0;
    updates.back().status.battery_level = i % 4 == 0 ? 19 : 20;
    updates.back().status.received = noon + test::seconds(i % 3);
  }
  store(updates);
  CountFleet count{noon + test::seconds(2), {}};
  int slices = 1;
  while (!shard_.count_fleet(count)) ++slices;
  EXPECT_EQ(slices, slices_that_are_full + 1);
  EXPECT_EQ(count.counts.devices, 120'000u);
  EXPECT_EQ(count.counts.online, 60'000u);
  EXPECT_EQ(count.counts.low_battery, 30'000u);
  EXPECT_EQ(count.counts.stale, 80'000u);
}

TEST_F(ShardTest, CountsNoDevicesAtOnce) {
  CountFleet count{noon, {}};
  EXPECT_TRUE(shard_.count_fleet(count));
  EXPECT_EQ(count.counts.devices, 0u);
}

}  // namespace
}  // namespace ubiety
