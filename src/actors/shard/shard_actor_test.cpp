#include "actors/shard/shard_actor.hpp"

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <stdexcept>

#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::update_of;

class SupervisedShardTest : public ::testing::Test, protected test::DrivenShard {
 protected:
  SupervisedShardTest() : DrivenShard({3, NewerThan(test::seconds(300)), test::unread}) {
    state_.readiness.set_loaded();
  }

  // Returns whether the shard was woken.
  bool put(const StatusUpdate& update) {
    Parcels parcels;
    parcels.push_back(parcel({update}));
    return port_.submit(std::move(parcels));
  }
  // Returns the ticket.
  std::uint64_t submit(const StatusUpdate& update) {
    put(update);
    supervised_.look_for_parcels();
    return next_ticket - 1;
  }
  void finish_last_batch() {
    const auto batch = batches.back();
    batch->position = {stream, ++last_row};
    supervised_.use_to_write([&](Shard& shard) { shard.batch_done(*batch, true); });
  }
  void fail() {
    supervised_.use([](Shard&) { throw std::runtime_error("as the test wants it"); });
  }
  void load(const StatusUpdate& update) {
    LoadStored stored{std::make_shared<std::vector<log::LatestStatus>>(), nullptr};
    stored.latest->push_back({update, update.status.timestamp});
    supervised_.use_to_write([&](Shard& shard) { shard.load(stored); });
  }

  // nullopt when it is not read from.
  std::optional<std::optional<Status>> latest(const DeviceId& device_id) {
    test::Answers<std::optional<DeviceDetails>> states;
    supervised_.use_complete([&](Shard& shard) { shard.read_latest({{device_id, states.reply_to(0)}}); });
    const auto state = states.of(0);
    if (!state) return std::nullopt;
    return status_of(*state);
  }
  // nullptr when the shard is not merged.
  std::shared_ptr<std::vector<log::DeviceToMerge>> unmerged() {
    const auto through = std::make_shared<log::Positions>();
    through->raise_to(log::Position{stream, last_row});
    supervised_.collect({through, {}, 10});  // puts the devices in order
    return supervised_.collect({through, {}, 10}).devices;
  }

  ServiceState state_;
  ShardPort port_;
  std::vector<RecoverShard> lost_;
  SupervisedShard supervised_{release_shard(), state_, port_, [this](RecoverShard lost) { lost_.push_back(lost); }};
};

TEST_F(SupervisedShardTest, looks_for_what_came_meanwhile_by_itself) {
  EXPECT_TRUE(put(update_of("a", 1))) << "the shard is idle";
  EXPECT_FALSE(put(update_of("b", 1))) << "the shard was woken already";
  supervised_.look_for_parcels();
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_EQ(batches.back()->parcels.size(), 2u);
  EXPECT_FALSE(put(update_of("c", 1))) << "a batch is on its way";
  finish_last_batch();
  ASSERT_EQ(batches.size(), 2u);
  finish_last_batch();
  EXPECT_TRUE(put(update_of("d", 1))) << "the shard is idle again";
}

TEST_F(SupervisedShardTest, takes_what_is_there_when_it_becomes_idle) {
  submit(update_of("a", 1));
  put(update_of("b", 1));
  const auto batch = batches.back();
  supervised_.use_to_write([&](Shard& shard) { shard.batch_done(*batch, true); });
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(batches.back()->parcels.front()->updates().front().update.device_id, "b");
}

TEST_F(SupervisedShardTest, reports_the_size_of_its_tail) {
  EXPECT_EQ(port_.tail().updates, 0u);
  submit(update_of("a", 1, 10));
  EXPECT_EQ(port_.tail().updates, 0u);
  finish_last_batch();
  EXPECT_EQ(port_.tail().updates, 1u);
  EXPECT_GT(port_.tail().bytes, 0u);
  EXPECT_EQ(port_.tail().oldest_received, noon + test::seconds(10));
}

TEST_F(SupervisedShardTest, asks_for_its_devices_and_is_counted_when_it_fails) {
  fail();
  ASSERT_EQ(lost_.size(), 1u);
  EXPECT_EQ(lost_[0].shard, 3u);
  EXPECT_EQ(state_.metrics.restarts, 1u);
  EXPECT_FALSE(state_.readiness.can(Activity::read));
  supervised_.recovered({lost_[0].incarnation});
  EXPECT_TRUE(state_.readiness.can(Activity::read));
}

TEST_F(SupervisedShardTest, is_not_read_until_it_has_its_devices_again) {
  submit(update_of("a", 1));
  finish_last_batch();
  fail();
  EXPECT_EQ(latest("a"), std::nullopt);
  load(update_of("a", 1));
  EXPECT_EQ(latest("a"), std::nullopt) << "others may be missing";
  supervised_.recovered({lost_[0].incarnation});
  EXPECT_EQ(latest("a"), std::optional(std::optional(update_of("a", 1).status)));
}

TEST_F(SupervisedShardTest, takes_back_the_batch_that_was_in_flight) {
  const auto on_its_way = submit(update_of("a", 1));
  fail();
  const auto open = submit(update_of("b", 2));
  EXPECT_EQ(batches.size(), 1u) << "one batch at a time, before and after a failure";
  finish_last_batch();
  EXPECT_EQ(outcome_of(on_its_way), UpdateOutcome::stored);
  ASSERT_EQ(batches.size(), 2u);
  finish_last_batch();
  EXPECT_EQ(outcome_of(open), UpdateOutcome::stored);
}

TEST_F(SupervisedShardTest, answers_the_requests_of_the_open_batch) {
  submit(update_of("a", 1));
  const auto waiting = submit(update_of("b", 1));
  fail();
  EXPECT_EQ(outcome_of(waiting), UpdateOutcome::unavailable);
  finish_last_batch();
  EXPECT_EQ(batches.size(), 1u);
}

TEST_F(SupervisedShardTest, is_not_merged_until_it_is_complete) {
  submit(update_of("a", 1));
  finish_last_batch();
  fail();
  EXPECT_EQ(unmerged(), nullptr);
  load(update_of("a", 1));
  supervised_.recovered({lost_[0].incarnation});
  EXPECT_NE(unmerged(), nullptr);
}

TEST_F(SupervisedShardTest, is_not_complete_by_what_an_earlier_failure_asked_for) {
  fail();
  fail();
  ASSERT_EQ(lost_.size(), 2u);
  supervised_.recovered({lost_[0].incarnation});
  EXPECT_FALSE(state_.readiness.can(Activity::read));
  supervised_.recovered({lost_[1].incarnation});
  EXPECT_TRUE(state_.readiness.can(Activity::read));
  supervised_.recovered({lost_[1].incarnation});
  EXPECT_TRUE(state_.readiness.can(Activity::read)) << "found once, however often it is reported";
}

TEST_F(SupervisedShardTest, is_read_past_its_mailbox_only_when_it_is_complete) {
  load(update_of("a", 1));
  EXPECT_FALSE(port_.try_latest("a").has_value()) << "others may be missing";
  supervised_.recovered({0});
  EXPECT_EQ(status_of(port_.try_latest("a").value()), update_of("a", 1).status);
  EXPECT_EQ(port_.try_latest("b").value(), std::nullopt);
  fail();
  EXPECT_FALSE(port_.try_latest("a").has_value());
  supervised_.recovered({0});
  EXPECT_FALSE(port_.try_latest("a").has_value()) << "that was the predecessor";
  load(update_of("a", 1));
  supervised_.recovered({lost_[0].incarnation});
  EXPECT_EQ(status_of(port_.try_latest("a").value()), update_of("a", 1).status);
}

TEST_F(SupervisedShardTest, is_not_read_past_its_mailbox_while_it_writes) {
  supervised_.recovered({0});
  const auto is_read = [this] {
    return std::async(std::launch::async, [this] { return port_.try_latest("a"); }).get().has_value();
  };
  supervised_.use_to_write([&](Shard&) { EXPECT_FALSE(is_read()); });
  EXPECT_TRUE(is_read());
  supervised_.use_to_write([](Shard&) { throw std::runtime_error("as the test wants it"); });
  EXPECT_FALSE(is_read());
}

TEST_F(SupervisedShardTest, has_no_version_that_its_predecessor_had) {
  std::vector<std::uint64_t> versions;
  const auto note_version = [&] {
    supervised_.use([&](Shard& shard) { versions.push_back(shard.table().version()); });
  };
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
