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

// In the order of FaultyStore::records().
Updates sorted(Updates updates) {
  std::sort(updates.begin(), updates.end(), key_before);
  return updates;
}

bool has_any_of(const log::Row& row, const std::set<DeviceId>& devices) {
  return std::any_of(row.updates.begin(), row.updates.end(),
                     [&](const StatusUpdate& update) { return devices.contains(update.device_id); });
}

class BatchCommitterTest : public ::testing::Test {
 protected:
  BatchCommitterTest() {
    state_.readiness.set_store_answers(true);
    state_.readiness.set_loaded();
  }

  bool commit(const Batches& batches) { return committer_.commit(batches); }

  // Has the store refuse every row that contains one of these devices.
  void refuse(std::set<DeviceId> culprits) {
    store_.on_append = [culprits = std::move(culprits)](const log::Row& row) {
      return has_any_of(row, culprits) ? Fault::rejection : Fault::none;
    };
  }

  void append_again_after(Fault fault);

  test::FaultyStore store_;
  ServiceState state_;
  std::stop_source stop_;
  std::vector<std::pair<log::StreamId, std::int64_t>> lost_;  // as reported
  BatchCommitter committer_{store_, state_, stop_.get_token(), [this](log::StreamId stream, std::int64_t kept_through) {
                              lost_.emplace_back(stream, kept_through);
                            }};
};

TEST_F(BatchCommitterTest, appends_all_batches_as_one_row) {
  const Batches batches{batch_of({update_of("a", 1), update_of("b", 1)}), batch_of({update_of("c", 1)})};
  ASSERT_TRUE(commit(batches));
  ASSERT_EQ(store_.appends.size(), 1u);
  EXPECT_EQ(store_.appends[0].updates, (Updates{update_of("a", 1), update_of("b", 1), update_of("c", 1)}));
  EXPECT_EQ(store_.appends[0].position.sequence, 1);
  for (const auto& batch : batches) EXPECT_EQ(batch->position, store_.appends[0].position);
  EXPECT_EQ(store_.records(), (Updates{update_of("a", 1), update_of("b", 1), update_of("c", 1)}));
  EXPECT_TRUE(state_.readiness.store_connected());
}

TEST_F(BatchCommitterTest, numbers_its_rows_in_one_stream) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(commit({batch_of({update_of("a", i)})}));
  const auto rows = store_.log_rows();
  ASSERT_EQ(rows.size(), 3u);
  for (std::size_t i = 0; i < rows.size(); ++i)
    EXPECT_EQ(rows[i].position, (log::Position{rows[0].position.stream, static_cast<std::int64_t>(i) + 1}));
}

// A merge may move a row only when the shards have its updates.
TEST_F(BatchCommitterTest, counts_a_row_as_committed_when_its_batches_are_applied) {
  const Batches batches{batch_of(numbered(1))};
  ASSERT_TRUE(commit(batches));
  EXPECT_TRUE(state_.committed.get().empty());
  committer_.note_applied();
  EXPECT_TRUE(state_.committed.get().has(batches[0]->position));
}

TEST_F(BatchCommitterTest, keeps_its_session) {
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  ASSERT_TRUE(commit({batch_of({update_of("b", 1)})}));
  EXPECT_EQ(store_.sessions, 1);
}

TEST_F(BatchCommitterTest, asks_for_what_may_be_stored_already) {
  const auto stored = update_of("a", 10, 10, 50);
  ASSERT_TRUE(commit({batch_of({stored})}));
  store_.merge_all();
  const Batches batches{batch_of({update_of("a", 10, 12, 50), update_of("a", 10, 12, 51), update_of("b", 1)}, {0, 1})};
  ASSERT_TRUE(commit(batches));
  const auto& updates = batches[0]->parcels[0]->updates();
  EXPECT_EQ(updates[0].outcome, UpdateOutcome::duplicate);
  EXPECT_EQ(updates[1].outcome, UpdateOutcome::stored);
  EXPECT_EQ(store_.records(), (Updates{stored, update_of("a", 10, 12, 51), update_of("b", 1)}));
  EXPECT_EQ(state_.metrics.commits.looked_up, 2u);
}

TEST_F(BatchCommitterTest, appends_nothing_when_all_is_stored_already) {
  ASSERT_TRUE(commit({batch_of({update_of("a", 10)})}));
  store_.merge_all();
  ASSERT_TRUE(commit({batch_of({update_of("a", 10, 12)}, {0})}));
  EXPECT_EQ(store_.appends.size(), 1u);
}

void BatchCommitterTest::append_again_after(Fault fault) {
  const Updates both{update_of("a", 1), update_of("b", 1)};
  store_.on_append = [&](const log::Row&) { return store_.appends.size() == 1 ? fault : Fault::none; };
  const Batches batches{batch_of(both)};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(store_.sessions, 2);
  EXPECT_TRUE(refused_of(batches).empty());
  const auto rows = store_.log_rows();
  ASSERT_EQ(rows.size(), 1u) << "the position settles whether the first attempt was committed";
  EXPECT_EQ(rows[0].updates, both);
  EXPECT_EQ(rows[0].position, batches[0]->position);
  EXPECT_TRUE(lost_.empty());

  ASSERT_TRUE(commit({batch_of({update_of("c", 1)})}));
  EXPECT_EQ(store_.log_rows().size(), 2u);
}

TEST_F(BatchCommitterTest, appends_a_row_again_that_failed) { append_again_after(Fault::before); }

TEST_F(BatchCommitterTest, settles_an_append_of_unknown_outcome) {
  append_again_after(Fault::after);
  EXPECT_EQ(store_.appends.size(), 2u) << "one for each of the two rows";
}

TEST_F(BatchCommitterTest, reports_rows_that_the_store_lost) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(commit({batch_of({update_of("a", i)})}));
  const auto stream = store_.appends[0].position.stream;
  store_.last_appended = 1;  // as after a failover to a standby that lacks the other rows
  store_.on_append = [this](const log::Row&) { return store_.appends.size() == 4 ? Fault::before : Fault::none; };
  const Batches batches{batch_of({update_of("a", 4)})};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(lost_, (std::vector<std::pair<log::StreamId, std::int64_t>>{{stream, 1}}));
  EXPECT_NE(batches[0]->position.stream, stream) << "what was lost may come back in that stream";
  EXPECT_EQ(batches[0]->position.sequence, 1);
}

// The look-up before an append may be the first that a failover breaks.
TEST_F(BatchCommitterTest, reports_rows_that_the_store_lost_when_a_look_up_failed) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(commit({batch_of({update_of("a", i)})}));
  const auto stream = store_.appends[0].position.stream;
  store_.last_appended = 1;
  store_.has_records_fault = Fault::before;
  const auto batch = batch_of({update_of("a", 4)});
  batch->doubtful = batch->write;
  ASSERT_TRUE(commit({batch}));
  EXPECT_EQ(lost_, (std::vector<std::pair<log::StreamId, std::int64_t>>{{stream, 1}}));
  EXPECT_NE(batch->position.stream, stream);
}

TEST_F(BatchCommitterTest, opens_another_stream_when_its_own_is_closed) {
  ASSERT_TRUE(commit({batch_of({update_of("a", 1)})}));
  const auto stream = store_.appends[0].position.stream;
  store_.close_streams();
  const Batches batches{batch_of({update_of("a", 2)})};
  ASSERT_TRUE(commit(batches));
  EXPECT_NE(batches[0]->position.stream, stream);
  EXPECT_EQ(batches[0]->position.sequence, 1);
  EXPECT_EQ(lost_.size(), 1u);
}

TEST_F(BatchCommitterTest, says_whether_commits_succeed) {
  store_.on_append = [this](const log::Row&) {
    EXPECT_EQ(state_.readiness.store_connected(), store_.appends.size() == 1);  // as the previous attempt left it
    return store_.appends.size() == 1 ? Fault::before : Fault::none;
  };
  ASSERT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_TRUE(state_.readiness.store_connected());
  EXPECT_EQ(store_.appends.size(), 2u);
  EXPECT_EQ(store_.records(), numbered(1));
}

TEST_F(BatchCommitterTest, refuses_only_the_faulty_update) {
  Updates durable;
  for (int culprit = 0; culprit < 9; ++culprit) {
    Updates updates;
    for (int i = 0; i < 9; ++i) updates.push_back(update_of("device-" + std::to_string(i), 10 * culprit + i));
    const auto name = updates[static_cast<std::size_t>(culprit)].device_id;
    refuse({name});
    const Batches batches{batch_of({updates.begin(), updates.begin() + 4}),
                          batch_of({updates.begin() + 4, updates.end()})};
    ASSERT_TRUE(commit(batches));
    EXPECT_EQ(refused_of(batches), std::vector{name});
    for (const auto& update : updates)
      if (update.device_id != name) durable.push_back(update);
    EXPECT_EQ(store_.records(), sorted(durable));
  }
}

TEST_F(BatchCommitterTest, refuses_each_of_several_faulty_updates) {
  refuse({"device-0", "device-3", "device-4"});
  const auto updates = numbered(7);
  const Batches batches{batch_of(updates)};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(refused_of(batches), (std::vector<DeviceId>{"device-0", "device-3", "device-4"}));
  EXPECT_EQ(store_.records(), (Updates{updates[1], updates[2], updates[5], updates[6]}));
}

TEST_F(BatchCommitterTest, refuses_all_if_the_store_does) {
  store_.on_append = [](const log::Row&) { return Fault::rejection; };
  const Batches batches{batch_of(numbered(5))};
  ASSERT_TRUE(commit(batches));
  EXPECT_EQ(refused_of(batches).size(), 5u);
  EXPECT_EQ(store_.sessions, 1);  // a store that refuses is available
  EXPECT_TRUE(state_.readiness.store_connected());
  EXPECT_TRUE(store_.records().empty());
}

// The store itself refuses the update: its table has a constraint.
TEST_F(BatchCommitterTest, refuses_every_repetition_of_a_faulty_update) {
  refuse({"a"});
  const auto batch = batch_of({update_of("a", 1, 3), update_of("b", 1)});
  batch->parcels.push_back(test::parcel_of({update_of("a", 1, 2)}));
  batch->repetitions.push_back({&batch->parcels.back()->updates().front(), batch->write.front()});
  ASSERT_TRUE(commit({batch}));
  EXPECT_EQ(refused_of({batch}), (std::vector<DeviceId>{"a", "a"}));
  EXPECT_EQ(store_.records(), Updates{update_of("b", 1)});
}

TEST_F(BatchCommitterTest, goes_on_with_a_half_when_the_store_goes_away) {
  for (const auto fault : {Fault::before, Fault::after}) {
    const auto before = store_.appends.size();
    store_.on_append = [&](const log::Row& row) {
      if (has_any_of(row, {"device-0"})) return Fault::rejection;
      return store_.appends.size() - before == 4 ? fault : Fault::none;
    };
    Updates updates;
    for (int i = 0; i < 4; ++i)
      updates.push_back(update_of("device-" + std::to_string(i), 100 * static_cast<int>(before) + i));
    const auto records_before = store_.records().size();
    const Batches batches{batch_of(updates)};
    ASSERT_TRUE(commit(batches));
    EXPECT_EQ(refused_of(batches), std::vector<DeviceId>{"device-0"});
    EXPECT_EQ(store_.records().size(), records_before + 3);
    std::size_t logged = 0;
    for (const auto& row : store_.log_rows()) logged += row.updates.size();
    EXPECT_EQ(logged, store_.records().size()) << "none of them twice";
  }
}

TEST_F(BatchCommitterTest, gives_up_when_the_service_stops) {
  store_.on_append = [this](const log::Row&) {
    if (store_.appends.size() == 2) stop_.request_stop();
    return Fault::before;
  };
  const Batches batches{batch_of(numbered(2))};
  EXPECT_FALSE(commit(batches));
  EXPECT_EQ(store_.appends.size(), 2u);
  EXPECT_TRUE(refused_of(batches).empty());
  EXPECT_TRUE(store_.records().empty());
}

TEST_F(BatchCommitterTest, tries_once_though_the_service_stops) {
  stop_.request_stop();
  EXPECT_TRUE(commit({batch_of(numbered(1))}));
  EXPECT_EQ(store_.appends.size(), 1u);
  EXPECT_EQ(store_.records(), numbered(1));
}

TEST_F(BatchCommitterTest, gives_up_on_a_store_that_cannot_be_reached) {
  store_.is_reachable = false;
  stop_.request_stop();
  EXPECT_FALSE(commit({batch_of(numbered(1))}));
  EXPECT_FALSE(state_.readiness.store_connected());
  EXPECT_TRUE(store_.records().empty());
}

}  // namespace
}  // namespace ubiety
