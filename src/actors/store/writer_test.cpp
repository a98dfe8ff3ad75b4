#include "actors/store/writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/fakes.hpp"
#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::batch_of;
using test::Commit;
using test::update_of;
using test::Updates;
using Batches = std::vector<std::shared_ptr<Batch>>;

Updates numbered(int count) {
  Updates updates;
  for (int i = 0; i < count; ++i) updates.push_back(update_of("device-" + std::to_string(i), i));
  return updates;
}

std::vector<DeviceId> refused_of(const Batches& batches) {
  std::vector<DeviceId> refused;
  for (const auto& batch : batches)
    for (const auto& parcel : batch->parcels)
      for (const auto& [update, outcome] : parcel->updates())
        if (outcome == UpdateOutcome::refused) refused.push_back(update.device_id);
  return refused;
}

class BatchCommitterTest : public ::testing::Test {
 protected:
  BatchCommitterTest() { state_.readiness.set_store_answers(true); }

  bool commit(const Batches& batches) { return committer_.commit(batches); }

  // Refuses commits that hold one of these devices.
  void refuse(std::set<DeviceId> culprits) {
    store_.on_commit = [this, culprits = std::move(culprits)](const Commit& commit) -> StoreResult<Done> {
      for (const auto* updates : {&commit.fresh, &commit.doubtful})
        for (const auto& update : *updates)
          if (culprits.contains(update.device_id)) return test::rejected();
      for (const auto* updates : {&commit.fresh, &commit.doubtful})
        for (const auto& update : *updates) durable_.insert(update.device_id);
      return Done{};
    };
  }

  test::FakeStore store_;
  ServiceState state_;
  std::stop_source stop_;
  BatchCommitter committer_{store_, state_, stop_.get_token()};
  std::multiset<DeviceId> durable_;
};

TEST_F(BatchCommitterTest, commits_all_batches_together) {
  ASSERT_TRUE(commit({batch_of({update_of("a", 1)}, {update_of("b", 1)}), batch_of({update_of("c", 1)})}));
  ASSERT_EQ(store_.commits.size(), 1u);
  EXPECT_EQ(store_.commits[0].fresh, (Updates{update_of("a", 1), update_of("c", 1)}));
  EXPECT_EQ(store_.commits[0].doubtful, Updates{update_of("b", 1)});
  EXPECT_TRUE(state_.readiness.store_connected());
}

TEST_F(BatchCommitterTest, keeps_its_session) {
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_EQ(store_.sessions, 1);
}

TEST_F(BatchCommitterTest, repeats_a_commit_of_unknown_outcome_as_doubtful) {
  store_.on_commit = [this](const Commit&) -> StoreResult<Done> {
    if (store_.commits.size() > 1) return Done{};
    return test::unavailable();
  };
  const Batches batches{batch_of({update_of("a", 1)}, {update_of("b", 1)})};
  ASSERT_TRUE(commit(batches));
  ASSERT_EQ(store_.commits.size(), 2u);
  EXPECT_EQ(store_.commits[0].fresh, Updates{update_of("a", 1)});
  EXPECT_TRUE(store_.commits[1].fresh.empty());
  EXPECT_EQ(store_.commits[1].doubtful, (Updates{update_of("b", 1), update_of("a", 1)}));
  EXPECT_EQ(store_.sessions, 2);
  EXPECT_TRUE(refused_of(batches).empty());
}

TEST_F(BatchCommitterTest, says_whether_commits_succeed) {
  store_.on_commit = [this](const Commit&) -> StoreResult<Done> {
    EXPECT_EQ(state_.readiness.store_connected(), store_.commits.size() != 2);  // as the commit before left it
    if (store_.commits.size() == 1) return test::unavailable();
    return Done{};
  };
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_TRUE(state_.readiness.store_connected());
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_EQ(store_.commits.size(), 3u);
}

TEST_F(BatchCommitterTest, refuses_only_the_faulty_update) {
  for (int culprit = 0; culprit < 9; ++culprit) {
    const auto updates = numbered(9);
    const auto name = updates[static_cast<std::size_t>(culprit)].device_id;
    durable_.clear();
    refuse({name});
    const Batches batches{batch_of({updates.begin(), updates.begin() + 4}, {}),
                          batch_of({}, {updates.begin() + 4, updates.end()})};
    ASSERT_TRUE(commit(batches));
    EXPECT_EQ(refused_of(batches), std::vector{name});
    EXPECT_EQ(durable_.size(), 8u);
    EXPECT_FALSE(durable_.contains(name));
  }
}

TEST_F(BatchCommitterTest, refuses_each_of_several_faulty_updates) {
  refuse({"device-0", "device-3", "device-4"});
  const Batches batches{batch_of(numbered(7))};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(refused_of(batches), (std::vector<DeviceId>{"device-0", "device-3", "device-4"}));
  EXPECT_EQ(durable_, (std::multiset<DeviceId>{"device-1", "device-2", "device-5", "device-6"}));
}

TEST_F(BatchCommitterTest, refuses_all_if_the_store_does) {
  store_.on_commit = [](const Commit&) -> StoreResult<Done> { return test::rejected(); };
  const Batches batches{batch_of(numbered(5))};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(refused_of(batches).size(), 5u);
  EXPECT_EQ(store_.sessions, 1);  // a store that refuses is there
  EXPECT_TRUE(state_.readiness.store_connected());
}

TEST_F(BatchCommitterTest, refuses_every_repetition_of_a_faulty_update) {
  refuse({"a"});
  const auto batch = batch_of({update_of("a", 1, 3), update_of("b", 1)});
  batch->parcels.push_back(test::parcel_of({update_of("a", 1, 2)}));
  batch->repetitions.push_back({&batch->parcels.back()->updates().front(), batch->write.fresh.front()});
  ASSERT_TRUE(commit({batch}));
  EXPECT_EQ(refused_of({batch}), (std::vector<DeviceId>{"a", "a"}));
}

TEST_F(BatchCommitterTest, repeats_all_when_the_store_goes_away_while_it_halves) {
  store_.on_commit = [this](const Commit& commit) -> StoreResult<Done> {
    if (store_.commits.size() == 3) return test::unavailable();
    for (const auto& update : commit.doubtful)
      if (update.device_id == "device-0") return test::rejected();
    if (!commit.fresh.empty()) return test::rejected();
    for (const auto& update : commit.doubtful) durable_.insert(update.device_id);
    return Done{};
  };
  const Batches batches{batch_of(numbered(4))};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(refused_of(batches), std::vector<DeviceId>{"device-0"});
  for (const auto name : {"device-1", "device-2", "device-3"}) EXPECT_TRUE(durable_.contains(name)) << name;
}

TEST_F(BatchCommitterTest, gives_up_when_the_service_stops) {
  store_.on_commit = [this](const Commit&) -> StoreResult<Done> {
    if (store_.commits.size() == 2) stop_.request_stop();
    return test::unavailable();
  };
  const Batches batches{batch_of(numbered(2))};
  EXPECT_FALSE(commit(batches));
  EXPECT_EQ(store_.commits.size(), 2u);
  EXPECT_TRUE(refused_of(batches).empty());
}

TEST_F(BatchCommitterTest, tries_once_though_the_service_stops) {
  stop_.request_stop();
  EXPECT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_EQ(store_.commits.size(), 1u);
}

TEST_F(BatchCommitterTest, gives_up_on_a_store_that_cannot_be_reached) {
  store_.reachable = false;
  stop_.request_stop();
  EXPECT_FALSE(commit({batch_of(numbered(1))}));
  EXPECT_FALSE(state_.readiness.store_connected());
}

}  // namespace
}  // namespace ubiety
