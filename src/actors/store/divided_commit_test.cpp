#include "actors/store/divided_commit.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>

#include "support/fakes.hpp"

namespace ubiety {
namespace {

using test::update_of;

class DividedCommitTest : public ::testing::Test {
 protected:
  // Two updates of each device.
  void make(int devices) {
    for (int i = 0; i < devices; ++i)
      for (const int time : {1, 2}) updates_.push_back(update_of("device-" + std::to_string(i), time));
  }
  WriteBatch all() const {
    WriteBatch write;
    for (const auto& update : updates_)
      (update.status.timestamp == noon + test::seconds(1) ? write.doubtful : write.fresh).push_back(&update);
    return write;
  }

  std::vector<StatusUpdate> updates_;
  test::FakeStore store_;
  bool is_available_ = true;  // as was told last
  DividedCommit commit_{store_, 2,
                        [this](bool available) { return std::exchange(is_available_, available) != available; }};
};

TEST_F(DividedCommitTest, leaves_a_small_write_whole) {
  make(10);
  ASSERT_TRUE(commit_.commit(all()));
  EXPECT_EQ(store_.commits.size(), 1u);
  EXPECT_EQ(store_.sessions, 1);
}

TEST_F(DividedCommitTest, divides_a_large_write_by_device) {
  make(1000);
  const auto settled = commit_.commit(all());
  ASSERT_TRUE(settled);
  EXPECT_TRUE(settled->fresh_are_new);
  ASSERT_EQ(store_.commits.size(), 2u);
  EXPECT_EQ(store_.sessions, 2);
  std::map<DeviceId, std::set<const test::Commit*>> commits_of;
  std::size_t count = 0;
  for (const auto& commit : store_.commits) {
    EXPECT_GT(commit.fresh.size(), 300u) << "about half";
    EXPECT_EQ(commit.fresh.size(), commit.doubtful.size());
    count += commit.fresh.size() + commit.doubtful.size();
    for (const auto* lane : {&commit.fresh, &commit.doubtful})
      for (const auto& update : *lane) commits_of[update.device_id].insert(&commit);
  }
  EXPECT_EQ(count, updates_.size());
  for (const auto& [device_id, commits] : commits_of) EXPECT_EQ(commits.size(), 1u) << device_id;
}

TEST_F(DividedCommitTest, is_unavailable_when_any_part_is) {
  make(1000);
  for (const auto* failing : {"device-0", "device-1", "device-2", "device-3"}) {
    store_.on_commit = [failing](const test::Commit& commit) -> StoreResult<Done> {
      for (const auto& update : commit.fresh)
        if (update.device_id == failing) return test::unavailable();
      return Done{};
    };
    EXPECT_FALSE(commit_.commit(all())) << failing;
    EXPECT_FALSE(is_available_) << "whichever part ended last: " << failing;
    store_.on_commit = [](const test::Commit&) { return Done{}; };
    EXPECT_TRUE(commit_.commit(all()));
    EXPECT_TRUE(is_available_);
  }
}

TEST_F(DividedCommitTest, is_available_again_with_a_write_that_needs_one_connection_only) {
  make(1000);
  store_.on_commit = [](const test::Commit&) { return test::unavailable(); };
  EXPECT_FALSE(commit_.commit(all()));
  store_.on_commit = [](const test::Commit&) { return Done{}; };
  updates_.resize(1);
  EXPECT_TRUE(commit_.commit(all()));
  EXPECT_TRUE(is_available_);
}

TEST_F(DividedCommitTest, returns_what_is_refused_in_all_parts) {
  make(1000);
  const std::set<DeviceId> bad{"device-0", "device-1", "device-2", "device-3", "device-4", "device-5"};
  store_.on_commit = [&bad](const test::Commit& commit) -> StoreResult<Done> {
    for (const auto* lane : {&commit.fresh, &commit.doubtful})
      for (const auto& update : *lane)
        if (bad.contains(update.device_id)) return test::rejected();
    return Done{};
  };
  const auto settled = commit_.commit(all());
  ASSERT_TRUE(settled);
  EXPECT_EQ(settled->refused.size(), 2 * bad.size());
  for (const auto* update : settled->refused) EXPECT_TRUE(bad.contains(update->device_id));
}

TEST_F(DividedCommitTest, does_with_the_connections_that_there_are) {
  make(1000);
  store_.most_open = 1;
  ASSERT_TRUE(commit_.commit(all()));
  EXPECT_TRUE(is_available_);
  EXPECT_EQ(store_.commits.size(), 1u);
}

}  // namespace
}  // namespace ubiety
