// How the writer and the forwarder use the spool. The spool's file is tested with the stores.
#include "actors/store/forwarder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "actors/store/recovery.hpp"
#include "actors/store/writer.hpp"
#include "domain/status.hpp"
#include "support/faulty_spool.hpp"
#include "support/faulty_store.hpp"
#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::Commit;
using test::Fault;
using test::update_of;
using test::Updates;

class SpoolingTest : public ::testing::Test {
 protected:
  SpoolingTest() {
    state_.readiness.set_store_answers(true);
    state_.readiness.set_loaded();
  }

  bool commit(const Updates& updates) { return committer_.commit({test::batch_of(updates)}); }

  void lose_store(Fault fault = Fault::before) {
    store_.on_commit = [fault](const Commit&) { return fault; };
  }
  void find_store() {
    store_.on_commit = [](const Commit&) { return Fault::none; };
  }

  // Sorts by the history's key, as FaultyStore::rows() does.
  static Updates sorted(Updates updates) {
    std::sort(updates.begin(), updates.end(), key_before);
    return updates;
  }

  static Updates many(int count) {
    Updates updates;
    for (int i = 0; i < count; ++i) updates.push_back(update_of("device-" + std::to_string(i), 1));
    return updates;
  }

  test::FaultyStore store_;
  test::FaultySpool spool_;
  ServiceState state_{&spool_};
  std::stop_source stop_;
  BatchCommitter committer_{store_, state_, stop_.get_token()};
  SpoolForwarder forwarder_{store_, spool_, state_};
};

TEST_F(SpoolingTest, the_store_is_written_while_it_is_there) {
  ASSERT_TRUE(commit({update_of("a", 1)}));
  EXPECT_EQ(store_.rows(), Updates{update_of("a", 1)});
  EXPECT_EQ(state_.readiness.waiting_in_spool(), 0u);
  EXPECT_TRUE(state_.readiness.store_connected());
}

TEST_F(SpoolingTest, what_the_store_does_not_take_is_spooled_and_the_store_left_alone) {
  lose_store();
  ASSERT_TRUE(commit({update_of("a", 1)}));
  ASSERT_TRUE(commit({update_of("a", 2)}));
  EXPECT_EQ(store_.commits.size(), 1u) << "asked again while it is away";
  EXPECT_EQ(spool_.updates(), (Updates{update_of("a", 1), update_of("a", 2)}));
  EXPECT_TRUE(store_.rows().empty());
  EXPECT_TRUE(state_.readiness.can(Activity::update));
  EXPECT_FALSE(state_.readiness.store_connected());
  EXPECT_FALSE(state_.readiness.can(Activity::history));
}

TEST_F(SpoolingTest, before_the_latest_map_is_loaded_the_store_is_left_alone) {
  ServiceState starting(&spool_);
  BatchCommitter committer(store_, starting, stop_.get_token());
  ASSERT_TRUE(committer.commit({test::batch_of({update_of("a", 1)})}));
  EXPECT_TRUE(store_.commits.empty());
  EXPECT_TRUE(store_.rows().empty());
  EXPECT_EQ(spool_.updates(), Updates{update_of("a", 1)});
}

TEST_F(SpoolingTest, is_forwarded_oldest_first_then_the_store_is_written_again) {
  lose_store();
  ASSERT_TRUE(commit({update_of("b", 1)}));
  ASSERT_TRUE(commit({update_of("a", 1)}));
  EXPECT_FALSE(forwarder_.forward_slice());
  EXPECT_EQ(spool_.updates(), (Updates{update_of("b", 1), update_of("a", 1)}));

  find_store();
  store_.commits.clear();
  ASSERT_TRUE(forwarder_.forward_slice());
  ASSERT_EQ(store_.commits.size(), 1u);
  EXPECT_EQ(store_.commits[0].doubtful, (Updates{update_of("a", 1), update_of("b", 1)})) << "by the key in a commit";
  EXPECT_TRUE(store_.commits[0].fresh.empty());
  EXPECT_EQ(store_.rows(), (Updates{update_of("a", 1), update_of("b", 1)}));
  EXPECT_TRUE(spool_.updates().empty());
  EXPECT_EQ(spool_.waiting(), 0u);
  EXPECT_TRUE(state_.readiness.store_connected());
  EXPECT_TRUE(state_.readiness.can(Activity::history));

  ASSERT_TRUE(commit({update_of("a", 2)}));
  EXPECT_EQ(store_.commits.size(), 2u);
  EXPECT_EQ(store_.rows(), (Updates{update_of("a", 1), update_of("a", 2), update_of("b", 1)}));
}

TEST_F(SpoolingTest, an_update_in_the_store_and_in_the_spool_becomes_one_row) {
  lose_store(Fault::after);
  ASSERT_TRUE(commit({update_of("a", 1)}));
  EXPECT_EQ(store_.rows(), Updates{update_of("a", 1)}) << "of which the writer did not learn";
  EXPECT_EQ(spool_.updates(), Updates{update_of("a", 1)});
  EXPECT_FALSE(forwarder_.forward_slice()) << "nor does the forwarder";
  EXPECT_EQ(spool_.waiting(), 1u);

  find_store();
  ASSERT_TRUE(forwarder_.forward_slice());
  EXPECT_EQ(store_.rows(), Updates{update_of("a", 1)});
  EXPECT_EQ(spool_.waiting(), 0u);
}

TEST_F(SpoolingTest, a_slice_that_cannot_be_removed_is_forwarded_again) {
  lose_store();
  ASSERT_TRUE(commit({update_of("a", 1), update_of("b", 1)}));
  find_store();
  spool_.remove_fault = Fault::before;
  EXPECT_FALSE(forwarder_.forward_slice());
  EXPECT_EQ(spool_.waiting(), 2u);
  EXPECT_TRUE(state_.readiness.spooling());

  spool_.remove_fault = Fault::none;
  ASSERT_TRUE(forwarder_.forward_slice());
  EXPECT_EQ(store_.rows(), (Updates{update_of("a", 1), update_of("b", 1)}));
  EXPECT_EQ(spool_.waiting(), 0u);
}

TEST_F(SpoolingTest, the_writer_stays_with_a_spool_that_drains) {
  lose_store();
  auto committed = many(20'000);
  ASSERT_TRUE(commit(committed));
  find_store();
  for (int slice = 1; spool_.waiting() > 5000; ++slice) {
    ASSERT_TRUE(forwarder_.forward_slice());
    EXPECT_TRUE(state_.readiness.spooling()) << "after slice " << slice;
    committed.push_back(update_of("meanwhile", slice));
    ASSERT_TRUE(commit({committed.back()}));
  }
  while (spool_.waiting() > 0) ASSERT_TRUE(forwarder_.forward_slice());
  EXPECT_FALSE(state_.readiness.spooling());
  EXPECT_EQ(store_.rows(), sorted(std::move(committed)));
}

TEST_F(SpoolingTest, the_writer_leaves_a_spool_that_does_not_drain) {
  lose_store();
  ASSERT_TRUE(commit(many(20'000)));
  find_store();
  ASSERT_TRUE(forwarder_.forward_slice());
  EXPECT_TRUE(state_.readiness.spooling());
  ASSERT_TRUE(commit(many(10'000)));
  ASSERT_TRUE(forwarder_.forward_slice());
  EXPECT_FALSE(state_.readiness.spooling()) << "it would never end";
}

TEST_F(SpoolingTest, a_repetition_is_forwarded_once) {
  lose_store();
  ASSERT_TRUE(commit({update_of("a", 1, 1)}));
  ASSERT_TRUE(commit({update_of("a", 1, 5)}));
  find_store();
  store_.commits.clear();
  ASSERT_TRUE(forwarder_.forward_slice());
  EXPECT_EQ(store_.commits[0].doubtful, Updates{update_of("a", 1, 5)});
  EXPECT_EQ(store_.rows(), Updates{update_of("a", 1, 5)});
}

TEST_F(SpoolingTest, an_update_that_the_store_refuses_holds_up_no_other) {
  lose_store();
  ASSERT_TRUE(commit({update_of("a", 1), update_of("b", 1), update_of("c", 1)}));
  store_.on_commit = [](const Commit& commit) {
    const auto is_b = [](const StatusUpdate& update) { return update.device_id == "b"; };
    return std::any_of(commit.doubtful.begin(), commit.doubtful.end(), is_b) ? Fault::rejection : Fault::none;
  };
  ASSERT_TRUE(forwarder_.forward_slice());
  EXPECT_EQ(store_.rows(), (Updates{update_of("a", 1), update_of("c", 1)}));
  EXPECT_EQ(spool_.waiting(), 0u);
}

TEST_F(SpoolingTest, a_full_spool_is_reported_and_the_store_asked_again) {
  lose_store();
  spool_.append_fault = Fault::before;
  stop_.request_stop();  // one attempt
  EXPECT_FALSE(commit({update_of("a", 1)}));
  EXPECT_FALSE(state_.readiness.can(Activity::update));
  EXPECT_FALSE(commit({update_of("a", 1)}));
  EXPECT_EQ(store_.commits.size(), 2u);
  EXPECT_TRUE(store_.rows().empty());
  EXPECT_TRUE(spool_.updates().empty());

  find_store();
  EXPECT_TRUE(commit({update_of("a", 1)}));
  EXPECT_EQ(store_.rows(), Updates{update_of("a", 1)});
  EXPECT_TRUE(state_.readiness.can(Activity::update));
  EXPECT_TRUE(state_.readiness.store_connected());
}

TEST_F(SpoolingTest, a_start_finds_what_waits_and_goes_on_after_its_times) {
  const Updates waiting{update_of("a", 1, 8), update_of("b", 1, 9)};
  ASSERT_TRUE(spool_.set_received_floor(noon));
  ASSERT_TRUE(spool_.append({&waiting[0], &waiting[1]}));
  Updates loaded;
  const auto take = [&](std::uint32_t, const LoadStatuses& statuses) {
    EXPECT_EQ(statuses.origin, Origin::history);
    loaded.insert(loaded.end(), statuses.statuses->begin(), statuses.statuses->end());
  };
  const auto recovered = load_shards_from_spool(spool_, 1, take);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(loaded, waiting);
  EXPECT_EQ(recovered->newest_received, noon + test::seconds(9));
  ASSERT_TRUE(spool_.remove_through(spool_.oldest(2)->last));
  EXPECT_EQ(load_shards_from_spool(spool_, 1, take)->newest_received, noon);
}

}  // namespace
}  // namespace ubiety
