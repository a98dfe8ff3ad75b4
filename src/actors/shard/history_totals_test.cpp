#include "actors/shard/history_totals.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

TEST(HistoryTotals, are_not_known_before_they_are_counted) {
  HistoryTotals totals;
  EXPECT_FALSE(totals.of(1));
  const auto ticket = totals.expect(1);
  EXPECT_FALSE(totals.of(1));
  totals.keep(1, ticket, 5);
  EXPECT_EQ(totals.of(1), 5u);
  EXPECT_FALSE(totals.of(2));
}

TEST(HistoryTotals, do_not_take_what_a_failed_shard_had_counted) {
  HistoryTotals failed, totals;
  const auto before = failed.expect(1);
  totals.continue_after(failed);
  const auto ticket = totals.expect(1);
  totals.keep(1, before, 3);
  EXPECT_FALSE(totals.of(1)) << "updates that came since then were not noted";
  totals.keep(1, ticket, 5);
  EXPECT_EQ(totals.of(1), 5u);
}

TEST(HistoryTotals, grow_with_updates_that_are_new) {
  HistoryTotals totals;
  const auto ticket = totals.expect(1);
  totals.note_update(1, false);
  totals.note_update(2, false);
  totals.keep(1, ticket, 5);
  EXPECT_EQ(totals.of(1), 6u);
  totals.note_update(1, false);
  EXPECT_EQ(totals.of(1), 7u);
}

TEST(HistoryTotals, are_unknown_after_an_update_that_may_be_a_repetition) {
  HistoryTotals totals;
  auto ticket = totals.expect(1);
  totals.note_update(1, true);
  totals.keep(1, ticket, 5);
  EXPECT_FALSE(totals.of(1)) << "it came while the history was counted";
  ticket = totals.expect(1);
  totals.keep(1, ticket, 5);
  totals.note_update(1, true);
  EXPECT_FALSE(totals.of(1));
}

TEST(HistoryTotals, believe_the_last_count_only) {
  HistoryTotals totals;
  const auto first = totals.expect(1), second = totals.expect(1);
  totals.keep(1, first, 5);
  EXPECT_FALSE(totals.of(1));
  totals.keep(1, second, 6);
  totals.keep(1, second, 6);
  EXPECT_EQ(totals.of(1), 6u);
}

TEST(HistoryTotals, ignore_a_count_during_which_a_merge_began) {
  HistoryTotals totals;
  totals.keep(2, totals.expect(2), 8);
  const auto ticket = totals.expect(1);
  totals.note_update(1, false);
  totals.forget_counts_under_way();
  totals.keep(1, ticket, 6);  // with the update, which is merged
  EXPECT_FALSE(totals.of(1));
  EXPECT_EQ(totals.of(2), 8u) << "it was known before";
}

TEST(HistoryTotals, are_forgotten_when_records_are_removed) {
  HistoryTotals totals;
  const auto ticket = totals.expect(1);
  totals.forget_all();
  totals.keep(1, ticket, 5);
  EXPECT_FALSE(totals.of(1));
}

TEST(HistoryTotals, are_of_a_bounded_number_of_devices) {
  HistoryTotals totals;
  for (std::uint32_t device = 0; device <= HistoryTotals::max_devices; ++device)
    totals.keep(device, totals.expect(device), 1);
  EXPECT_FALSE(totals.of(0));
  EXPECT_EQ(totals.of(HistoryTotals::max_devices), 1u);
}

}  // namespace
}  // namespace ubiety
