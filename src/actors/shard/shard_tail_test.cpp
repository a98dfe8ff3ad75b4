// The tail of the shard in actors/shard/shard.hpp: what it has, what a merge collects from it, which pages it answers,
// and what is appended again.
#include "actors/shard/shard.hpp"

#include <gtest/gtest.h>

#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::copies_of;
using test::update_of;
using test::Updates;

class ShardTailTest : public ::testing::Test, protected test::DrivenShard {};

TEST_F(ShardTailTest, has_in_its_tail_what_is_durable_and_not_merged) {
  store({update_of("a", 1)});
  submit_each({update_of("a", 2)});
  EXPECT_EQ(tail_of("a"), std::vector{update_of("a", 1).status});
  finish_last_batch();
  EXPECT_EQ(tail_of("a"), (std::vector{update_of("a", 2).status, update_of("a", 1).status}));
  drop_all();
  EXPECT_TRUE(tail_of("a").empty());
  EXPECT_EQ(latest("a"), update_of("a", 2).status);
}

TEST_F(ShardTailTest, takes_back_what_the_store_has_in_its_log_again) {
  store({update_of("a", 1)});
  store({update_of("a", 2)});
  drop_all();
  const auto merged = std::make_shared<log::Positions>();
  merged->raise_to(log::Position{stream, 1});  // the second merge is lost
  LoadStored lost{nullptr, nullptr, false, merged};
  shard().load(lost);
  const std::vector<log::Row> rows{{{stream, 1}, {update_of("a", 1)}}, {{stream, 2}, {update_of("a", 2)}}};
  LoadStored found{nullptr, std::make_shared<std::vector<log::Row>>(rows), false};
  shard().load(found);
  shard().load(found);
  EXPECT_EQ(tail_of("a"), std::vector{update_of("a", 2).status});
  const auto devices = collect_all();
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].records, std::vector{update_of("a", 2).status});
  drop_all();
  EXPECT_TRUE(tail_of("a").empty());
}

TEST_F(ShardTailTest, collects_devices_in_their_order_for_a_merge) {
  store({update_of("b", 1), update_of("a", 3), update_of("c", 1)});
  store({update_of("a", 2), update_of("b", 4)});
  const auto devices = collect_all();
  ASSERT_EQ(devices.size(), 3u);
  EXPECT_EQ(devices[0].latest.update, update_of("a", 3));
  EXPECT_EQ(devices[0].records, (std::vector{update_of("a", 2).status, update_of("a", 3).status}));
  EXPECT_TRUE(devices[0].may_repeat) << "one of them was late";
  EXPECT_EQ(devices[1].latest.update, update_of("b", 4));
  EXPECT_FALSE(devices[1].may_repeat);
  EXPECT_EQ(devices[2].latest.update.device_id, "c");
}

TEST_F(ShardTailTest, collects_only_rows_that_are_asked_for) {
  store({update_of("a", 1), update_of("b", 1)});
  store({update_of("a", 2)});
  const auto through = std::make_shared<log::Positions>();
  through->raise_to(log::Position{stream, 1});
  shard().collect({through, {}, 10});
  const auto answer = shard().collect({through, {}, 10});
  ASSERT_EQ(answer.devices->size(), 2u);
  EXPECT_EQ(answer.devices->front().records, std::vector{update_of("a", 1).status});
  EXPECT_EQ(answer.devices->front().latest.update, update_of("a", 2));
  shard().drop_merged(*through);
  EXPECT_EQ(tail_of("a"), std::vector{update_of("a", 2).status});
  EXPECT_TRUE(tail_of("b").empty());
}

// The merger asks so, to wait for the shards: they must not look at each update of a large tail then.
TEST_F(ShardTailTest, answers_a_request_for_no_rows_without_looking_at_a_device) {
  for (std::size_t i = 0; i <= Shard::devices_sorted_at_a_time; ++i) store({update_of("d" + std::to_string(i), 1)});
  const auto answer = shard().collect({std::make_shared<log::Positions>(), {}, 0});
  EXPECT_TRUE(answer.devices->empty());
  EXPECT_FALSE(answer.more) << "the devices need not be in order for this";
}

TEST_F(ShardTailTest, writes_again_what_the_store_lost) {
  store({update_of("a", 1)});
  store({update_of("a", 2), update_of("b", 1)});
  shard().resend({stream, 1});
  EXPECT_EQ(copies_of(last_batch().write), (Updates{update_of("a", 2), update_of("b", 1)}));
  EXPECT_EQ(tail_of("a"), std::vector{update_of("a", 1).status});
  finish_last_batch();
  EXPECT_EQ(tail_of("a"), (std::vector{update_of("a", 2).status, update_of("a", 1).status}));
  EXPECT_EQ(latest("a"), update_of("a", 2).status);
}

// The newest page of a history, as the shard answers it; nullopt when the store is to be asked.
TEST_F(ShardTailTest, answers_the_newest_page_from_its_tail_once_the_total_is_known) {
  const auto page = [this](std::size_t limit) -> std::optional<HistoryPage> {
    ReadHistory message{{"a", limit}, {}, {}};
    auto outcome = shard().answer_or_prepare(message);
    if (outcome) return outcome->page;
    if (message.total_ticket) shard().keep_total({"a", *message.total_ticket, 100});
    return std::nullopt;
  };
  load_latest(update_of("a", 1));
  for (int i = 2; i < 5; ++i) store({update_of("a", i)});
  EXPECT_FALSE(page(2));
  const auto newest = page(2);
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->records, (std::vector{update_of("a", 4).status, update_of("a", 3).status}));
  EXPECT_EQ(newest->total_records, 100u);
  EXPECT_TRUE(newest->has_more);
  EXPECT_FALSE(page(4)) << "the fourth is in the history";
  store({update_of("a", 5)});
  ASSERT_TRUE(page(2));
  EXPECT_EQ(page(2)->total_records, 101u);
  store({update_of("a", 3, 9, 50)});
  EXPECT_FALSE(page(2)) << "the history may have it already, so the total is not known";
  EXPECT_EQ(page(3)->records,
            (std::vector{update_of("a", 5).status, update_of("a", 4).status, update_of("a", 3, 9, 50).status}));
  drop_all();
  EXPECT_FALSE(page(1));
}

TEST_F(ShardTailTest, does_not_count_an_update_twice_that_is_merged_while_the_history_is_counted) {
  load_latest(update_of("a", 1));
  store({update_of("a", 2)});
  ReadHistory asked{{"a", 1}, {}, {}};
  ASSERT_FALSE(shard().answer_or_prepare(asked));
  store({update_of("a", 3)});
  collect_all();
  shard().keep_total({"a", *asked.total_ticket, 3});  // the reader came after the merge
  ReadHistory again{{"a", 1}, {}, {}};
  const auto outcome = shard().answer_or_prepare(again);
  EXPECT_FALSE(outcome) << "a total of " << outcome->page.total_records;
}

class ShardTotalTest : public ShardTailTest {
 protected:
  // Asks for the newest page of the device "a".
  ReadHistory ask(std::size_t limit = 50) {
    ReadHistory message{{"a", limit}, {}, {}};
    answered_ = shard().answer_or_prepare(message);
    return message;
  }
  void count(std::uint64_t records) { shard().keep_total({"a", ask().total_ticket.value(), records}); }
  std::optional<std::uint64_t> known_total() {
    const auto known = ask().query.known;
    return known ? std::optional(known->total) : std::nullopt;
  }

  std::optional<HistoryOutcome> answered_;
};

TEST_F(ShardTotalTest, is_passed_on_with_the_newest_timestamp_once_it_is_known) {
  load_latest(update_of("a", 1), update_of("a", 9).status.timestamp);
  EXPECT_FALSE(known_total());
  count(100);
  const auto message = ask();
  ASSERT_TRUE(message.query.known);
  EXPECT_EQ(message.query.known->total, 100u);
  EXPECT_EQ(message.query.known->newest, update_of("a", 9).status.timestamp);
  EXPECT_FALSE(message.total_ticket);
}

TEST_F(ShardTotalTest, is_passed_on_for_later_pages_but_not_for_a_part_of_the_history) {
  load_latest(update_of("a", 1));
  count(100);
  ReadHistory later{{"a"}, {}, {}}, part{{"a"}, {}, {}};
  later.query.after = update_of("a", 1).status;
  part.query.since = update_of("a", 0).status.timestamp;
  EXPECT_FALSE(shard().answer_or_prepare(later));
  EXPECT_EQ(later.query.known->total, 100u);
  EXPECT_FALSE(shard().answer_or_prepare(part));
  EXPECT_FALSE(part.query.known);
  EXPECT_FALSE(part.total_ticket);
}

TEST_F(ShardTotalTest, is_neither_told_nor_asked_for_unless_it_is_wanted) {
  load_latest(update_of("a", 1));
  ReadHistory message{{"a"}, {}, {}};
  message.query.wants_total = false;
  EXPECT_FALSE(shard().answer_or_prepare(message));
  EXPECT_FALSE(message.total_ticket);
  EXPECT_FALSE(message.query.known);
}

TEST_F(ShardTotalTest, is_of_a_time_before_a_merge_that_begins_later) {
  load_latest(update_of("a", 1));
  count(100);
  store({update_of("a", 2)});
  const auto message = ask();
  EXPECT_EQ(message.query.known->total, 101u);
  EXPECT_EQ(message.known_at, history_changes.count());
  store({update_of("a", 3)});
  collect_all();
  EXPECT_NE(message.known_at, history_changes.count());
  EXPECT_EQ(ask().known_at, history_changes.count());
  EXPECT_EQ(known_total(), 102u);
}

TEST_F(ShardTotalTest, does_not_end_with_each_step_of_a_merge) {
  store({update_of("a", 1), update_of("b", 1)});
  const auto through = std::make_shared<log::Positions>();
  through->raise_to(log::Position{stream, last_row});
  shard().collect({through, {}, 1});
  const auto begun = history_changes.count();
  shard().collect({through, "a", 1});
  EXPECT_EQ(history_changes.count(), begun);
}

TEST_F(ShardTotalTest, is_neither_used_while_records_are_removed_nor_afterwards) {
  load_latest(update_of("a", 1));
  store({update_of("a", 2)});
  count(100);
  {
    const HistoryChanges::Removal removal(history_changes);
    ask(1);
    EXPECT_FALSE(answered_);
    count(100);  // before or after the removal
    EXPECT_FALSE(known_total());
  }
  EXPECT_FALSE(known_total());
  ask(1);
  EXPECT_FALSE(answered_);
  count(99);
  EXPECT_EQ(known_total(), 99u);
}

TEST_F(ShardTotalTest, is_unknown_after_a_removal_between_two_pages) {
  load_latest(update_of("a", 1));
  store({update_of("a", 2)});
  count(100);
  ASSERT_EQ(known_total(), 100u);
  { const HistoryChanges::Removal removal(history_changes); }
  EXPECT_FALSE(known_total());
}

TEST_F(ShardTotalTest, is_unknown_after_the_store_lost_updates) {
  store({update_of("a", 1)});
  store({update_of("a", 2)});
  count(2);
  shard().resend({stream, 1});
  EXPECT_TRUE(ask().total_ticket) << "the second update is in no row";
}

TEST_F(ShardTotalTest, leaves_out_expired_updates_and_so_does_the_page) {
  store({update_of("a", 1)});
  {
    const HistoryChanges::Removal removal(history_changes);
    history_changes.set_expired_before(update_of("a", 5).status.timestamp);
  }
  count(0);  // the reader leaves out the expired update
  store({update_of("a", 2)});
  EXPECT_EQ(known_total(), 0u);
  EXPECT_FALSE(answered_) << "the page would have an expired record";
  store({update_of("a", 6)});
  ask(1);
  ASSERT_TRUE(answered_);
  EXPECT_EQ(answered_->page.records, std::vector{update_of("a", 6).status});
  EXPECT_EQ(answered_->page.total_records, 1u);
}

TEST_F(ShardTailTest, starts_from_what_the_store_had) {
  load_latest(update_of("a", 10));
  load_latest(update_of("b", 10));
  load({3, 1}, {update_of("b", 20), update_of("c", 5)});
  load({3, 1}, {update_of("b", 20), update_of("c", 5)});  // as after a failure of the shard
  EXPECT_EQ(latest("b"), update_of("b", 20).status);
  EXPECT_EQ(tail_of("b"), std::vector{update_of("b", 20).status});
  EXPECT_TRUE(tail_of("a").empty());
  EXPECT_TRUE(shard().knows("c"));
}

}  // namespace
}  // namespace ubiety
