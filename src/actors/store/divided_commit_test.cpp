#include "actors/store/divided_commit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "domain/status.hpp"
#include "support/faulty_store.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

using test::Commit;
using test::Fault;
using test::update_of;

class DividedCommitTest : public ::testing::Test {
 protected:
  // Creates two updates of each device.
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

  // Returns the updates for which `wanted(update)` holds, in the order of the history's key.
  template <class Wanted>
  std::vector<StatusUpdate> expected_rows(Wanted wanted) const {
    std::vector<StatusUpdate> rows;
    std::copy_if(updates_.begin(), updates_.end(), std::back_inserter(rows), wanted);
    std::sort(rows.begin(), rows.end(), key_before);
    return rows;
  }
  std::vector<StatusUpdate> all_rows() const {
    return expected_rows([](const StatusUpdate&) { return true; });
  }

  std::vector<StatusUpdate> updates_;
  test::FaultyStore store_;
  bool is_available_ = true;  // as reported last
  DividedCommit commit_{store_, 2,
                        [this](bool available) { return std::exchange(is_available_, available) != available; }};
};

TEST_F(DividedCommitTest, leaves_a_small_write_whole) {
  make(10);
  ASSERT_TRUE(commit_.commit(all()));
  EXPECT_EQ(store_.commits.size(), 1u);
  EXPECT_EQ(store_.sessions, 1);
  EXPECT_EQ(store_.rows(), all_rows());
}

TEST_F(DividedCommitTest, divides_a_large_write_by_device) {
  make(1000);
  const auto settled = commit_.commit(all());
  ASSERT_TRUE(settled);
  EXPECT_TRUE(settled->fresh_are_new);
  ASSERT_EQ(store_.commits.size(), 2u);
  EXPECT_EQ(store_.sessions, 2);
  std::map<DeviceId, std::set<const Commit*>> commits_of;
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
  EXPECT_EQ(store_.rows(), all_rows());
}

TEST_F(DividedCommitTest, is_unavailable_when_any_part_is) {
  make(1000);
  for (const auto* failing : {"device-0", "device-1", "device-2", "device-3"}) {
    store_.on_commit = [failing](const Commit& commit) {
      const auto is_of = [failing](const StatusUpdate& update) { return update.device_id == failing; };
      return std::any_of(commit.fresh.begin(), commit.fresh.end(), is_of) ? Fault::before : Fault::none;
    };
    EXPECT_FALSE(commit_.commit(all())) << failing;
    EXPECT_FALSE(is_available_) << "whichever part ended last: " << failing;
    store_.on_commit = [](const Commit&) { return Fault::none; };
    EXPECT_TRUE(commit_.commit(all()));
    EXPECT_TRUE(is_available_);
    EXPECT_EQ(store_.rows(), all_rows()) << "each update once, though a part was committed twice";
  }
}

TEST_F(DividedCommitTest, makes_the_other_parts_durable_when_one_is_unavailable) {
  make(1000);
  std::set<DeviceId> devices_of_failed;
  store_.on_commit = [&](const Commit& commit) {
    if (!devices_of_failed.empty()) return Fault::none;
    for (const auto& update : commit.fresh) devices_of_failed.insert(update.device_id);
    return Fault::before;
  };
  EXPECT_FALSE(commit_.commit(all()));
  EXPECT_GT(devices_of_failed.size(), 300u) << "about half";
  EXPECT_EQ(store_.rows(),
            expected_rows([&](const StatusUpdate& update) { return !devices_of_failed.contains(update.device_id); }));
}

TEST_F(DividedCommitTest, is_available_again_with_a_write_that_needs_one_connection_only) {
  make(1000);
  store_.on_commit = [](const Commit&) { return Fault::before; };
  EXPECT_FALSE(commit_.commit(all()));
  EXPECT_TRUE(store_.rows().empty());
  store_.on_commit = [](const Commit&) { return Fault::none; };
  updates_.resize(1);
  EXPECT_TRUE(commit_.commit(all()));
  EXPECT_TRUE(is_available_);
  EXPECT_EQ(store_.rows(), all_rows());
}

TEST_F(DividedCommitTest, returns_what_is_refused_in_all_parts) {
  make(1000);
  const std::set<DeviceId> bad{"device-0", "device-1", "device-2", "device-3", "device-4", "device-5"};
  store_.on_commit = [&bad](const Commit& commit) {
    for (const auto* lane : {&commit.fresh, &commit.doubtful})
      for (const auto& update : *lane)
        if (bad.contains(update.device_id)) return Fault::rejection;
    return Fault::none;
  };
  const auto settled = commit_.commit(all());
  ASSERT_TRUE(settled);
  EXPECT_EQ(settled->refused.size(), 2 * bad.size());
  for (const auto* update : settled->refused) EXPECT_TRUE(bad.contains(update->device_id));
  EXPECT_EQ(store_.rows(), expected_rows([&](const StatusUpdate& update) { return !bad.contains(update.device_id); }));
}

TEST_F(DividedCommitTest, makes_do_with_the_connections_that_there_are) {
  make(1000);
  store_.max_sessions = 1;
  ASSERT_TRUE(commit_.commit(all()));
  EXPECT_TRUE(is_available_);
  EXPECT_EQ(store_.commits.size(), 1u);
  EXPECT_EQ(store_.rows(), all_rows());
}

}  // namespace
}  // namespace ubiety
