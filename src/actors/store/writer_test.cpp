#include "actors/store/writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "domain/status.hpp"
#include "support/faulty_store.hpp"
#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::batch_of;
using test::Commit;
using test::Fault;
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

// Sorts by the history's key, as FaultyStore::rows() does.
Updates sorted(Updates updates) {
  std::sort(updates.begin(), updates.end(), key_before);
  return updates;
}

bool has_any_of(const Commit& commit, const std::set<DeviceId>& devices) {
  const auto is_one = [&](const StatusUpdate& update) { return devices.contains(update.device_id); };
  return std::any_of(commit.fresh.begin(), commit.fresh.end(), is_one) ||
         std::any_of(commit.doubtful.begin(), commit.doubtful.end(), is_one);
}

class BatchCommitterTest : public ::testing::Test {
 protected:
  BatchCommitterTest() { state_.readiness.set_store_answers(true); }

  bool commit(const Batches& batches) { return committer_.commit(batches); }

  // Has the store refuse every commit that contains one of these devices.
  void refuse(std::set<DeviceId> culprits) {
    store_.on_commit = [culprits = std::move(culprits)](const Commit& commit) {
      return has_any_of(commit, culprits) ? Fault::rejection : Fault::none;
    };
  }

  void repeat_a_commit_as_doubtful(Fault fault);

  test::FaultyStore store_;
  ServiceState state_;
  std::stop_source stop_;
  BatchCommitter committer_{store_, state_, stop_.get_token()};
};

TEST_F(BatchCommitterTest, commits_all_batches_together) {
  ASSERT_TRUE(commit({batch_of({update_of("a", 1)}, {update_of("b", 1)}), batch_of({update_of("c", 1)})}));
  ASSERT_EQ(store_.commits.size(), 1u);
  EXPECT_EQ(store_.commits[0].fresh, (Updates{update_of("a", 1), update_of("c", 1)}));
  EXPECT_EQ(store_.commits[0].doubtful, Updates{update_of("b", 1)});
  EXPECT_EQ(store_.rows(), (Updates{update_of("a", 1), update_of("b", 1), update_of("c", 1)}));
  EXPECT_TRUE(state_.readiness.store_connected());
}

TEST_F(BatchCommitterTest, keeps_its_session) {
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_EQ(store_.sessions, 1);
  EXPECT_EQ(store_.rows(), numbered(1)) << "the same update twice is one row";
}

void BatchCommitterTest::repeat_a_commit_as_doubtful(Fault fault) {
  const Updates both{update_of("a", 1), update_of("b", 1)};
  store_.on_commit = [&](const Commit&) {
    if (store_.commits.size() == 1) return fault;
    EXPECT_EQ(store_.rows(), fault == Fault::after ? both : Updates{}) << "before the second attempt";
    return Fault::none;
  };
  const Batches batches{batch_of({update_of("a", 1)}, {update_of("b", 1)})};
  ASSERT_TRUE(commit(batches));
  ASSERT_EQ(store_.commits.size(), 2u);
  EXPECT_EQ(store_.commits[0].fresh, Updates{update_of("a", 1)});
  EXPECT_TRUE(store_.commits[1].fresh.empty());
  EXPECT_EQ(store_.commits[1].doubtful, (Updates{update_of("b", 1), update_of("a", 1)}));
  EXPECT_EQ(store_.sessions, 2);
  EXPECT_TRUE(refused_of(batches).empty());
  EXPECT_EQ(store_.rows(), both);
  EXPECT_FALSE(batches.front()->fresh_are_new) << "unknown after a failed attempt";
}

TEST_F(BatchCommitterTest, repeats_a_failed_commit_as_doubtful) { repeat_a_commit_as_doubtful(Fault::before); }

TEST_F(BatchCommitterTest, repeats_a_commit_of_unknown_outcome_as_doubtful) {
  repeat_a_commit_as_doubtful(Fault::after);
}

TEST_F(BatchCommitterTest, says_whether_commits_succeed) {
  store_.on_commit = [this](const Commit&) {
    EXPECT_EQ(state_.readiness.store_connected(), store_.commits.size() != 2);  // as the previous commit left it
    return store_.commits.size() == 1 ? Fault::before : Fault::none;
  };
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_TRUE(state_.readiness.store_connected());
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_EQ(store_.commits.size(), 3u);
  EXPECT_EQ(store_.rows(), numbered(1));
}

TEST_F(BatchCommitterTest, refuses_only_the_faulty_update) {
  Updates durable;
  for (int culprit = 0; culprit < 9; ++culprit) {
    Updates updates;
    for (int i = 0; i < 9; ++i) updates.push_back(update_of("device-" + std::to_string(i), 10 * culprit + i));
    const auto name = updates[static_cast<std::size_t>(culprit)].device_id;
    refuse({name});
    const Batches batches{batch_of({updates.begin(), updates.begin() + 4}, {}),
                          batch_of({}, {updates.begin() + 4, updates.end()})};
    ASSERT_TRUE(commit(batches));
    EXPECT_EQ(refused_of(batches), std::vector{name});
    for (const auto& update : updates)
      if (update.device_id != name) durable.push_back(update);
    EXPECT_EQ(store_.rows(), sorted(durable));
  }
}

TEST_F(BatchCommitterTest, refuses_each_of_several_faulty_updates) {
  refuse({"device-0", "device-3", "device-4"});
  const auto updates = numbered(7);
  const Batches batches{batch_of(updates)};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(refused_of(batches), (std::vector<DeviceId>{"device-0", "device-3", "device-4"}));
  EXPECT_EQ(store_.rows(), (Updates{updates[1], updates[2], updates[5], updates[6]}));
}

TEST_F(BatchCommitterTest, refuses_all_if_the_store_does) {
  store_.on_commit = [](const Commit&) { return Fault::rejection; };
  const Batches batches{batch_of(numbered(5))};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(refused_of(batches).size(), 5u);
  EXPECT_EQ(store_.sessions, 1);  // a store that refuses is available
  EXPECT_TRUE(state_.readiness.store_connected());
  EXPECT_TRUE(store_.rows().empty());
}

// The store itself refuses the update: its table has a constraint.
TEST_F(BatchCommitterTest, refuses_an_update_that_is_out_of_range) {
  auto out_of_range = update_of("b", 1);
  out_of_range.status.battery_level = 101;
  const Batches batches{batch_of({update_of("a", 1), out_of_range}, {update_of("c", 1)})};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(refused_of(batches), std::vector<DeviceId>{"b"});
  EXPECT_EQ(store_.rows(), (Updates{update_of("a", 1), update_of("c", 1)}));
}

TEST_F(BatchCommitterTest, refuses_every_repetition_of_a_faulty_update) {
  refuse({"a"});
  const auto batch = batch_of({update_of("a", 1, 3), update_of("b", 1)});
  batch->parcels.push_back(test::parcel_of({update_of("a", 1, 2)}));
  batch->repetitions.push_back({&batch->parcels.back()->updates().front(), batch->write.fresh.front()});
  ASSERT_TRUE(commit({batch}));
  EXPECT_EQ(refused_of({batch}), (std::vector<DeviceId>{"a", "a"}));
  EXPECT_EQ(store_.rows(), Updates{update_of("b", 1)});
}

TEST_F(BatchCommitterTest, repeats_all_when_the_store_goes_away_while_it_halves) {
  store_.on_commit = [this](const Commit& commit) {
    if (store_.commits.size() == 3) return Fault::before;
    return has_any_of(commit, {"device-0"}) || !commit.fresh.empty() ? Fault::rejection : Fault::none;
  };
  const auto updates = numbered(4);
  const Batches batches{batch_of(updates)};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(refused_of(batches), std::vector<DeviceId>{"device-0"});
  EXPECT_EQ(store_.rows(), (Updates{updates[1], updates[2], updates[3]}));
}

// The fourth commit contains device-1 alone.
TEST_F(BatchCommitterTest, repeats_all_when_the_outcome_of_a_half_is_unknown) {
  store_.on_commit = [this](const Commit& commit) {
    if (has_any_of(commit, {"device-0"})) return Fault::rejection;
    return store_.commits.size() == 4 ? Fault::after : Fault::none;
  };
  const auto updates = numbered(4);
  const Batches batches{batch_of(updates)};
  ASSERT_TRUE(commit(batches));
  ASSERT_GT(store_.commits.size(), 4u);
  EXPECT_EQ(store_.commits[3].doubtful, Updates{updates[1]});
  EXPECT_EQ(store_.commits[4].doubtful, updates) << "all of them again";
  EXPECT_EQ(refused_of(batches), std::vector<DeviceId>{"device-0"});
  EXPECT_EQ(store_.rows(), (Updates{updates[1], updates[2], updates[3]}));
}

TEST_F(BatchCommitterTest, gives_up_when_the_service_stops) {
  store_.on_commit = [this](const Commit&) {
    if (store_.commits.size() == 2) stop_.request_stop();
    return Fault::before;
  };
  const Batches batches{batch_of(numbered(2))};
  EXPECT_FALSE(commit(batches));
  EXPECT_EQ(store_.commits.size(), 2u);
  EXPECT_TRUE(refused_of(batches).empty());
  EXPECT_TRUE(store_.rows().empty());
}

TEST_F(BatchCommitterTest, tries_once_though_the_service_stops) {
  stop_.request_stop();
  EXPECT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_EQ(store_.commits.size(), 1u);
  EXPECT_EQ(store_.rows(), numbered(1));
}

TEST_F(BatchCommitterTest, gives_up_on_a_store_that_cannot_be_reached) {
  store_.is_reachable = false;
  stop_.request_stop();
  EXPECT_FALSE(commit({batch_of(numbered(1))}));
  EXPECT_FALSE(state_.readiness.store_connected());
  EXPECT_TRUE(store_.rows().empty());
}

}  // namespace
}  // namespace ubiety
