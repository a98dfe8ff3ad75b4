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
    store_.on_append = [fault](const log::Row&) { return fault; };
    store_.on_append_once = [fault](const log::Row&) { return fault; };
  }
  void find_store() {
    store_.on_append = [](const log::Row&) { return Fault::none; };
    store_.on_append_once = [](const log::Row&) { return Fault::none; };
  }

  // In the order of FaultyStore::records().
  static Updates sorted(Updates updates) {
    std::sort(updates.begin(), updates.end(), key_before);
    return updates;
  }

  test::FaultyStore store_;
  test::FaultySpool spool_;
  ServiceState state_{&spool_};
  std::stop_source stop_;
  BatchCommitter committer_{store_, state_, stop_.get_token(), [](log::StreamId, std::int64_t) {}};
  SpoolForwarder forwarder_{store_, spool_, state_};
};

TEST_F(SpoolingTest, the_store_is_written_while_it_is_there) {
  ASSERT_TRUE(commit({update_of("a", 1)}));
  EXPECT_EQ(store_.records(), Updates{update_of("a", 1)});
  EXPECT_EQ(state_.readiness.waiting_in_spool(), 0u);
  EXPECT_TRUE(state_.readiness.store_connected());
}

TEST_F(SpoolingTest, what_the_store_does_not_take_is_spooled_and_the_store_left_alone) {
  lose_store();
  ASSERT_TRUE(commit({update_of("a", 1)}));
  ASSERT_TRUE(commit({update_of("a", 2)}));
  EXPECT_EQ(store_.appends.size(), 1u) << "asked again while it is away";
  EXPECT_EQ(spool_.updates(), (Updates{update_of("a", 1), update_of("a", 2)}));
  EXPECT_TRUE(store_.records().empty());
  EXPECT_TRUE(state_.readiness.can(Activity::update));
  EXPECT_FALSE(state_.readiness.store_connected());
}

TEST_F(SpoolingTest, before_the_latest_map_is_loaded_the_store_is_left_alone) {
  ServiceState starting(&spool_);
  BatchCommitter committer(store_, starting, stop_.get_token(), [](log::StreamId, std::int64_t) {});
  ASSERT_TRUE(committer.commit({test::batch_of({update_of("a", 1)})}));
  EXPECT_TRUE(store_.appends.empty());
  EXPECT_TRUE(store_.records().empty());
  EXPECT_EQ(spool_.updates(), Updates{update_of("a", 1)});
}

TEST_F(SpoolingTest, is_forwarded_oldest_first_then_the_store_is_written_again) {
  lose_store();
  ASSERT_TRUE(commit({update_of("b", 1)}));
  ASSERT_TRUE(commit({update_of("a", 1)}));
  const auto spooled = spool_.rows();
  ASSERT_EQ(spooled.size(), 2u);
  EXPECT_FALSE(forwarder_.forward_piece());
  EXPECT_EQ(spool_.updates(), (Updates{update_of("b", 1), update_of("a", 1)}));

  find_store();
  ASSERT_TRUE(forwarder_.forward_piece());
  const auto rows = store_.log_rows();
  ASSERT_EQ(rows.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(rows[i].position, spooled[i].position);
  EXPECT_TRUE(spool_.updates().empty());
  EXPECT_EQ(spool_.waiting(), 0u);
  EXPECT_TRUE(state_.committed.get().has(spooled[1].position));
  EXPECT_TRUE(state_.readiness.store_connected());

  ASSERT_TRUE(commit({update_of("a", 2)}));
  EXPECT_NE(store_.appends.back().position.stream, spooled[0].position.stream)
      << "the forwarder may still append rows to that stream";
  EXPECT_EQ(store_.records(), (Updates{update_of("a", 1), update_of("a", 2), update_of("b", 1)}));
}

TEST_F(SpoolingTest, a_row_in_the_store_and_in_the_spool_is_one_row) {
  lose_store(Fault::after);
  ASSERT_TRUE(commit({update_of("a", 1)}));
  EXPECT_EQ(store_.records(), Updates{update_of("a", 1)}) << "which the writer does not know";
  EXPECT_EQ(spool_.updates(), Updates{update_of("a", 1)});
  EXPECT_FALSE(forwarder_.forward_piece()) << "nor does the forwarder";
  EXPECT_EQ(spool_.waiting(), 1u);

  find_store();
  ASSERT_TRUE(forwarder_.forward_piece());
  EXPECT_EQ(store_.log_rows().size(), 1u);
  EXPECT_EQ(store_.records(), Updates{update_of("a", 1)});
  EXPECT_EQ(spool_.waiting(), 0u);
}

TEST_F(SpoolingTest, a_row_that_cannot_be_removed_is_forwarded_again) {
  lose_store();
  ASSERT_TRUE(commit({update_of("a", 1), update_of("b", 1)}));
  find_store();
  spool_.remove_fault = Fault::before;
  EXPECT_FALSE(forwarder_.forward_piece());
  EXPECT_EQ(spool_.waiting(), 2u);
  EXPECT_TRUE(state_.readiness.spooling());

  spool_.remove_fault = Fault::none;
  ASSERT_TRUE(forwarder_.forward_piece());
  EXPECT_EQ(store_.log_rows().size(), 1u);
  EXPECT_EQ(store_.records(), (Updates{update_of("a", 1), update_of("b", 1)}));
  EXPECT_EQ(spool_.waiting(), 0u);
}

TEST_F(SpoolingTest, many_rows_are_forwarded_in_pieces_while_the_writer_uses_the_store_again) {
  lose_store();
  Updates committed;
  for (int row = 0; row < 600; ++row) {
    committed.push_back(update_of("device-" + std::to_string(row), 1));
    ASSERT_TRUE(commit({committed.back()}));
  }
  find_store();
  ASSERT_TRUE(forwarder_.forward_piece());
  EXPECT_EQ(spool_.waiting(), 600U - 256);
  EXPECT_FALSE(state_.readiness.spooling());
  committed.push_back(update_of("meanwhile", 1));
  ASSERT_TRUE(commit({committed.back()}));
  EXPECT_EQ(spool_.waiting(), 600U - 256);
  ASSERT_TRUE(forwarder_.forward_piece());
  ASSERT_TRUE(forwarder_.forward_piece());
  EXPECT_EQ(spool_.waiting(), 0U);
  EXPECT_EQ(store_.log_rows().size(), 601U);
  EXPECT_EQ(store_.records(), sorted(std::move(committed)));
}

TEST_F(SpoolingTest, a_row_that_the_store_refuses_holds_up_no_other) {
  lose_store();
  for (const char* device : {"a", "b", "c"}) ASSERT_TRUE(commit({update_of(device, 1)}));
  store_.on_append_once = [](const log::Row& row) {
    return row.updates.front().device_id == "b" ? Fault::rejection : Fault::none;
  };
  ASSERT_TRUE(forwarder_.forward_piece());
  EXPECT_EQ(store_.records(), (Updates{update_of("a", 1), update_of("c", 1)}));
  EXPECT_EQ(spool_.waiting(), 0U);
}

TEST_F(SpoolingTest, an_update_that_the_store_refuses_holds_up_no_other) {
  lose_store();
  ASSERT_TRUE(commit({update_of("a", 1), update_of("b", 1), update_of("c", 1)}));
  store_.on_append_once = [](const log::Row& row) {
    const auto is_b = [](const StatusUpdate& update) { return update.device_id == "b"; };
    return std::any_of(row.updates.begin(), row.updates.end(), is_b) ? Fault::rejection : Fault::none;
  };
  ASSERT_TRUE(forwarder_.forward_piece());
  EXPECT_EQ(store_.records(), (Updates{update_of("a", 1), update_of("c", 1)}));
  EXPECT_EQ(spool_.waiting(), 0u);
}

TEST_F(SpoolingTest, a_full_spool_is_reported_and_the_store_asked_again) {
  lose_store();
  spool_.append_fault = Fault::before;
  stop_.request_stop();  // one attempt
  EXPECT_FALSE(commit({update_of("a", 1)}));
  EXPECT_FALSE(state_.readiness.can(Activity::update));
  EXPECT_FALSE(commit({update_of("a", 1)}));
  EXPECT_EQ(store_.appends.size(), 2u);
  EXPECT_TRUE(store_.records().empty());
  EXPECT_TRUE(spool_.updates().empty());

  find_store();
  EXPECT_TRUE(commit({update_of("a", 1)}));
  EXPECT_EQ(store_.records(), Updates{update_of("a", 1)});
  EXPECT_TRUE(state_.readiness.can(Activity::update));
  EXPECT_TRUE(state_.readiness.store_connected());
}

TEST_F(SpoolingTest, a_start_finds_what_waits) {
  const Updates waiting{update_of("a", 1, 8), update_of("b", 1, 9)};
  ASSERT_TRUE(spool_.append({7, 1}, {&waiting[0], &waiting[1]}));
  std::vector<log::Row> loaded;
  const auto take = [&](std::uint32_t, const LoadStored& stored) {
    EXPECT_FALSE(stored.is_latest_known);
    loaded.insert(loaded.end(), stored.rows->begin(), stored.rows->end());
  };
  const auto recovered = load_shards_from_spool(spool_, 1, false, take);
  ASSERT_TRUE(recovered);
  ASSERT_EQ(loaded.size(), 1u);
  EXPECT_EQ(loaded[0].position, (log::Position{7, 1}));
  EXPECT_EQ(loaded[0].updates, waiting);
  EXPECT_EQ(recovered->newest_received, noon + test::seconds(9));
}

}  // namespace
}  // namespace ubiety
