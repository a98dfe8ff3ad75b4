#include "actors/shard/device_removal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using test::Outcomes;
using test::seconds;
using test::update_of;
using test::Updates;

// update_of(id, timestamp, received): in seconds after noon.
class DeviceRemovalTest : public ::testing::Test, protected test::DrivenShard {
 protected:
  std::vector<log::Removal> find(DeviceSelection selection, int at = 100) {
    std::vector<log::Removal> found;
    FindDevices request{std::make_shared<const DeviceSelection>(std::move(selection)), noon + seconds(at)};
    for (bool more = true; more;) {
      const auto answer = shard().find(request);
      found.insert(found.end(), answer.removals->begin(), answer.removals->end());
      request.next = answer.next;
      more = answer.more;
    }
    return found;
  }
  void forget(const DeviceId& device_id, int at = 100) { shard().forget({{device_id, noon + seconds(at)}}); }

  // As a remover does, without a store.
  void remove(const DeviceId& device_id, int at = 100) { shard().forget(find({device_id}, at)); }

  UpdateOutcome outcome_of_storing(const StatusUpdate& update) {
    const auto ticket = submit({update});
    if (!outcome_of(ticket)) finish_last_batch();
    return outcome_of(ticket).value();
  }

  std::optional<Timestamp> removed_for_reader(const DeviceId& device_id) {
    ReadHistory query{{device_id}, {}, {}};
    EXPECT_FALSE(shard().answer_or_prepare(query));
    return query.query.removed;
  }
};

TEST_F(DeviceRemovalTest, finds_the_device_or_nothing) {
  store({update_of("a", 1), update_of("b", 1)});
  const auto found = find({"a"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front(), (log::Removal{"a", noon + seconds(100)}));
  EXPECT_TRUE(find({"unknown"}).empty());
}

TEST_F(DeviceRemovalTest, finds_what_a_filter_selects_however_many) {
  Updates updates;
  for (int i = 0; i < 20'000; ++i)
    updates.push_back(update_of((i % 2 == 0 ? "hall-" : "attic-") + std::to_string(i), 1));
  store(updates);
  EXPECT_EQ(find({{}, {.prefix = "hall-"}}).size(), 10'000U);
  EXPECT_TRUE(find({{}, {.prefix = "cellar-"}}).empty());
}

TEST_F(DeviceRemovalTest, is_no_earlier_than_what_the_device_has) {
  store({update_of("a", 500, 400), update_of("b", 500, 50), update_of("c", 50, 500)});
  EXPECT_EQ(find({"a"}).front().at, noon + seconds(400)) << "both clocks ran ahead";
  EXPECT_EQ(find({"b"}).front().at, noon + seconds(100));
  EXPECT_EQ(find({"c"}).front().at, noon + seconds(100));
}

TEST_F(DeviceRemovalTest, leaves_nothing_of_the_device) {
  store({update_of("a", 1), update_of("b", 1)});
  const auto version = shard().table().version();
  remove("a");
  EXPECT_FALSE(latest("a"));
  EXPECT_TRUE(latest("b"));
  EXPECT_EQ(shard().table().size(), 1U);
  EXPECT_GT(shard().table().version(), version);
  ReadHistory query{{"a"}, {}, {}};
  EXPECT_EQ(shard().answer_or_prepare(query)->kind, HistoryOutcome::Kind::unknown_device);
  const auto merged = collect_all();
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged.front().latest.update.device_id, "b");
}

TEST_F(DeviceRemovalTest, answers_an_old_report_and_does_not_write_it) {
  store({update_of("a", 1)});
  remove("a");
  const auto batches_before = batches.size();
  EXPECT_EQ(outcome_of_storing(update_of("a", 2, 200)), UpdateOutcome::late) << "it reports a time of before";
  EXPECT_EQ(outcome_of_storing(update_of("a", 200, 90)), UpdateOutcome::late) << "it was received before";
  EXPECT_EQ(outcome_of_storing(update_of("a", 1, 201)), UpdateOutcome::late) << "a repetition";
  EXPECT_EQ(batches.size(), batches_before);
  EXPECT_FALSE(latest("a"));
}

TEST_F(DeviceRemovalTest, takes_away_what_was_being_written) {
  store({update_of("a", 1)});
  const auto ticket = submit({update_of("a", 2, 90)});
  remove("a");
  finish_last_batch();
  EXPECT_EQ(outcome_of(ticket), UpdateOutcome::late);
  EXPECT_FALSE(latest("a"));
  EXPECT_TRUE(tail_of("a").empty());
}

TEST_F(DeviceRemovalTest, lets_a_newer_report_make_a_new_device) {
  store({update_of("a", 1, 1, 10)});
  remove("a");
  EXPECT_EQ(outcome_of_storing(update_of("a", 101, 101, 80)), UpdateOutcome::stored);
  EXPECT_EQ(latest("a"), update_of("a", 101, 101, 80).status);
  EXPECT_EQ(tail_of("a"), std::vector{update_of("a", 101, 101, 80).status});
  EXPECT_EQ(removed_for_reader("a"), noon + seconds(100));
  EXPECT_EQ(outcome_of_storing(update_of("a", 3, 300)), UpdateOutcome::late);
  EXPECT_EQ(tail_of("a").size(), 1U);
}

TEST_F(DeviceRemovalTest, keeps_what_came_since) {
  store({update_of("a", 1, 1, 10), update_of("b", 1)});
  store({update_of("a", 150, 150, 20)});  // after the request, before the removal was durable
  store({update_of("a", 2, 160, 30)});
  ReadHistory counted{{"a"}, {}, {}};
  EXPECT_FALSE(shard().answer_or_prepare(counted));
  shard().keep_total({"a", *counted.total_ticket, 3});
  forget("a", 100);
  EXPECT_EQ(latest("a"), update_of("a", 150, 150, 20).status);
  ReadHistory query{{"a"}, {}, {}};
  EXPECT_FALSE(shard().answer_or_prepare(query));
  EXPECT_TRUE(query.total_ticket) << "the old total does not count";
  ASSERT_EQ(query.unmerged.size(), 1U);
  EXPECT_EQ(query.unmerged.front().status, update_of("a", 150, 150, 20).status);
  const auto merged = collect_all();
  ASSERT_EQ(merged.size(), 2U);
  EXPECT_EQ(merged.front().records, std::vector{update_of("a", 150, 150, 20).status});
  EXPECT_EQ(merged.front().latest.newest, noon + seconds(150));
}

TEST_F(DeviceRemovalTest, counts_records_again_when_the_device_comes_back) {
  store({update_of("a", 1), update_of("a", 2, 2)});
  ReadHistory first{{"a"}, {}, {}};
  EXPECT_FALSE(shard().answer_or_prepare(first));
  shard().keep_total({"a", *first.total_ticket, 2});
  remove("a");
  store({update_of("a", 101, 101)});
  shard().keep_total({"a", *first.total_ticket, 2});  // an answer that comes late
  ReadHistory second{{"a"}, {}, {}};
  EXPECT_FALSE(shard().answer_or_prepare(second));
  ASSERT_TRUE(second.total_ticket);
  shard().keep_total({"a", *second.total_ticket, 1});
  ReadHistory third{{"a"}, {}, {}};
  const auto page = shard().answer_or_prepare(third);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->page.total_records, 1U);
  EXPECT_EQ(page->page.records.size(), 1U);
}

TEST_F(DeviceRemovalTest, is_known_after_a_start) {
  LoadStored stored;
  stored.removals = std::make_shared<std::vector<log::Removal>>(1, log::Removal{"a", noon + seconds(100)});
  stored.latest = std::make_shared<std::vector<log::LatestStatus>>();
  const auto old = update_of("a", 1);
  stored.latest->push_back({old, old.status.timestamp, old.status.received});
  shard().load(stored);
  load({9, 1}, {update_of("a", 2), update_of("b", 2)});
  EXPECT_FALSE(latest("a"));
  EXPECT_TRUE(latest("b"));
  EXPECT_EQ(outcome_of_storing(update_of("a", 3, 300)), UpdateOutcome::late);
}

TEST_F(DeviceRemovalTest, takes_away_what_the_spool_had) {
  load({9, 1}, {update_of("a", 2)});
  LoadStored stored;
  stored.removals = std::make_shared<std::vector<log::Removal>>(1, log::Removal{"a", noon + seconds(100)});
  shard().load(stored);
  EXPECT_FALSE(latest("a"));
}

TEST_F(DeviceRemovalTest, is_forgotten_with_time) {
  store({update_of("a", 1)});
  remove("a");
  shard().forget_removals(noon + seconds(100));
  EXPECT_EQ(outcome_of_storing(update_of("a", 2, 200)), UpdateOutcome::late);
  shard().forget_removals(noon + seconds(101));
  EXPECT_EQ(outcome_of_storing(update_of("a", 2, 201)), UpdateOutcome::stored);
  EXPECT_FALSE(removed_for_reader("a"));
}

TEST_F(DeviceRemovalTest, does_not_write_lost_updates_of_before_again) {
  store({update_of("a", 1), update_of("b", 1)});
  remove("a");
  shard().resend({stream, 0});
  ASSERT_EQ(last_batch().resent.size(), 1U);
  EXPECT_EQ(last_batch().resent.front().device_id, "b");
}

TEST_F(DeviceRemovalTest, leaves_silence_as_that_of_a_new_device) {
  store({update_of("a", 1)});
  listen_for(11min);
  EXPECT_TRUE(state_of("a")->is_stale());
  remove("a");
  EXPECT_EQ(shard().table().watch().totals().silent, 0U);
  store({update_of("a", 800, 800)});
  EXPECT_FALSE(state_of("a")->is_stale());
  listen_for(9min);
  EXPECT_FALSE(state_of("a")->is_stale());
  listen_for(2min);
  EXPECT_TRUE(state_of("a")->is_stale());
}

TEST_F(DeviceRemovalTest, takes_the_device_out_of_all_totals) {
  store({update_of("a", 1, 1, 3), update_of("b", 1, 1, 80)});
  const auto low = static_cast<std::size_t>(ProblemKind::battery_low);
  EXPECT_EQ(shard().table().watch().totals().problems[low], 1U);
  remove("a");
  const auto totals = shard().table().watch().totals();
  EXPECT_EQ(totals.devices, 1U);
  EXPECT_EQ(totals.online, 1U);
  EXPECT_EQ(totals.problems[low], 0U);
  EXPECT_EQ(totals.troubled, 0U);
  EXPECT_EQ(totals.battery_levels.between(0, 101), 1U);
  EXPECT_EQ(totals.battery_levels.median(), 80);
}

// What changed in the last second has numbers: they are not those of other devices by then.
TEST_F(DeviceRemovalTest, gives_its_changes_to_no_other_device) {
  store({update_of("a", 1, 1, 3)});
  remove("a");
  store({update_of("b", 1, 1, 80)});
  EXPECT_TRUE(listen_for(1s).events.empty());
  store({update_of("c", 1, 1, 80)});
  EXPECT_EQ(shard().table().numbers(), 2U) << "the number is used again";
  remove("b");
  remove("c");
  EXPECT_EQ(shard().table().watch().totals().devices, 0U);
}

}  // namespace
}  // namespace ubiety
