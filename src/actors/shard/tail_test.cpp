#include "actors/shard/tail.hpp"

#include <gtest/gtest.h>

#include "support/updates.hpp"

namespace ubiety {
namespace {

using Knowledge = Tail::Knowledge;
using log::Position;

constexpr log::StreamId stream = 5, other_stream = 9;

Status status_of(int timestamp, int battery = 76) { return test::update_of("", timestamp, {}, battery).status; }

class TailTest : public ::testing::Test {
 protected:
  void add_row(Position position, std::uint32_t device, const std::vector<Status>& statuses, bool may_repeat = false) {
    tail_.begin_row(position);
    for (const auto& status : statuses) tail_.add(device, status, may_repeat);
  }

  std::vector<Position> positions_of(std::uint32_t device) const {
    std::vector<log::UnmergedRecord> records;
    tail_.append_unmerged(device, records);
    std::vector<Position> positions;
    for (const auto& record : records) positions.push_back(record.position);
    return positions;
  }

  std::vector<Status> through(std::uint32_t device, Position last) const {
    log::Positions positions;
    positions.raise_to(last);
    std::vector<Tail::Collected> collected{{device}};
    tail_.collect(tail_.rows_to_merge(positions), collected);
    return collected.front().records;
  }

  bool may_repeat(std::uint32_t device, Position last) const {
    log::Positions positions;
    positions.raise_to(last);
    std::vector<Tail::Collected> collected{{device}};
    tail_.collect(tail_.rows_to_merge(positions), collected);
    return collected.front().may_repeat;
  }

  void merge(Position last) {
    log::Positions merged;
    merged.raise_to(last);
    tail_.drop_merged(merged);
  }

  Tail tail_;
};

TEST_F(TailTest, is_empty_at_first) {
  EXPECT_EQ(tail_.size(), 0u);
  EXPECT_EQ(tail_.oldest_received(), latest_timestamp);
  EXPECT_TRUE(positions_of(0).empty());
  EXPECT_EQ(tail_.look_for(0, status_of(1)), Knowledge::unknown);
}

TEST_F(TailTest, has_the_updates_of_a_device_with_their_rows) {
  add_row({stream, 1}, 0, {status_of(1)});
  add_row({stream, 2}, 1, {status_of(1), status_of(2)});
  add_row({stream, 3}, 0, {status_of(3)});
  EXPECT_EQ(positions_of(0), (std::vector<Position>{{stream, 3}, {stream, 1}}));
  EXPECT_EQ(positions_of(1), (std::vector<Position>{{stream, 2}, {stream, 2}}));
  EXPECT_TRUE(positions_of(2).empty());
  EXPECT_EQ(tail_.size(), 4u);
  EXPECT_EQ(tail_.oldest_received(), status_of(1).received);
}

TEST_F(TailTest, passes_on_what_a_merge_asks_for) {
  add_row({stream, 1}, 0, {status_of(1)});
  add_row({stream, 2}, 0, {status_of(2)});
  EXPECT_EQ(through(0, {stream, 1}), std::vector{status_of(1)});
  EXPECT_EQ(through(0, {stream, 2}), (std::vector{status_of(1), status_of(2)}));
  EXPECT_TRUE(through(0, {other_stream, 2}).empty());
}

TEST_F(TailTest, collects_the_updates_of_several_devices) {
  add_row({stream, 1}, 0, {status_of(1)});
  add_row({stream, 2}, 1, {status_of(2), status_of(3)}, true);
  add_row({stream, 3}, 0, {status_of(4), status_of(5)});
  log::Positions positions;
  positions.raise_to(Position{stream, 3});
  std::vector<Tail::Collected> collected{{0}, {1}, {7}};
  tail_.collect(tail_.rows_to_merge(positions), collected);
  EXPECT_EQ(collected[0].records, (std::vector{status_of(1), status_of(4), status_of(5)}));
  EXPECT_FALSE(collected[0].may_repeat);
  EXPECT_EQ(collected[1].records, (std::vector{status_of(2), status_of(3)}));
  EXPECT_TRUE(collected[1].may_repeat);
  EXPECT_TRUE(collected[2].records.empty());
}

// Rows of the spool, which are forwarded later, lie between rows that a merge asks for.
TEST_F(TailTest, passes_on_rows_on_both_sides_of_others) {
  add_row({stream, 1}, 0, {status_of(1)});
  add_row({other_stream, 1}, 0, {status_of(2), status_of(3)});
  add_row({stream, 2}, 0, {status_of(4)});
  add_row({stream, 3}, 0, {status_of(5)});
  EXPECT_EQ(through(0, {stream, 2}), (std::vector{status_of(1), status_of(4)}));
  EXPECT_EQ(through(0, {other_stream, 1}), (std::vector{status_of(2), status_of(3)}));
}

TEST_F(TailTest, drops_what_is_merged) {
  add_row({stream, 1}, 0, {status_of(1)});
  add_row({stream, 2}, 0, {status_of(2)});
  merge({stream, 1});
  EXPECT_EQ(tail_.size(), 1u);
  EXPECT_EQ(positions_of(0), (std::vector<Position>{{stream, 2}}));
  EXPECT_TRUE(tail_.has_row({stream, 1})) << "it is in the history";
  add_row({stream, 3}, 0, {status_of(3)});
  EXPECT_EQ(positions_of(0), (std::vector<Position>{{stream, 3}, {stream, 2}}));
  merge({stream, 3});
  EXPECT_EQ(tail_.size(), 0u);
  EXPECT_TRUE(positions_of(0).empty());
  add_row({stream, 4}, 0, {status_of(4)});
  EXPECT_EQ(positions_of(0), (std::vector<Position>{{stream, 4}})) << "no link leads to dropped updates";
}

// A row of the spool reaches the store later than rows that were appended after it.
TEST_F(TailTest, keeps_a_row_that_is_not_merged_in_front_of_merged_ones) {
  add_row({stream, 1}, 0, {status_of(1)});
  add_row({other_stream, 1}, 0, {status_of(2)});
  merge({other_stream, 1});
  EXPECT_EQ(positions_of(0), (std::vector<Position>{{stream, 1}}));
  EXPECT_EQ(through(0, {other_stream, 1}), std::vector<Status>()) << "it is merged already";
  merge({stream, 1});
  EXPECT_EQ(tail_.size(), 0u);
}

TEST_F(TailTest, says_that_an_update_may_be_merged_by_another_row) {
  add_row({stream, 1}, 0, {status_of(1)});
  add_row({other_stream, 1}, 0, {status_of(1)}, true);
  merge({other_stream, 1});
  EXPECT_TRUE(may_repeat(0, {stream, 1}));
  std::vector<log::UnmergedRecord> records;
  tail_.append_unmerged(0, records);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_TRUE(records.front().may_repeat);
}

TEST_F(TailTest, recognises_a_repetition) {
  add_row({stream, 1}, 0, {status_of(10, 50), status_of(20, 51)});
  EXPECT_EQ(tail_.look_for(0, status_of(10, 50)), Knowledge::repeats);
  EXPECT_EQ(tail_.look_for(0, status_of(20, 51)), Knowledge::repeats);
  EXPECT_EQ(tail_.look_for(0, status_of(20, 52)), Knowledge::is_new);
  EXPECT_EQ(tail_.look_for(0, status_of(15, 50)), Knowledge::is_new);
  EXPECT_EQ(tail_.look_for(0, status_of(5, 50)), Knowledge::unknown) << "it may be in the history";
}

TEST_F(TailTest, does_not_take_an_update_for_new_because_a_late_one_is_older) {
  add_row({stream, 1}, 0, {status_of(10)}, true);
  EXPECT_EQ(tail_.look_for(0, status_of(12)), Knowledge::unknown);
}

TEST_F(TailTest, searches_only_so_many_updates) {
  tail_.begin_row({stream, 1});
  for (std::size_t i = 0; i < Tail::max_searched; ++i) tail_.add(0, status_of(static_cast<int>(i)), true);
  EXPECT_EQ(tail_.look_for(0, status_of(0)), Knowledge::repeats);
  tail_.add(0, status_of(1000), true);
  EXPECT_EQ(tail_.look_for(0, status_of(0)), Knowledge::unknown);
}

TEST_F(TailTest, returns_what_the_store_lost_once) {
  add_row({stream, 1}, 0, {status_of(1)});
  add_row({stream, 2}, 1, {status_of(2)});
  add_row({other_stream, 1}, 0, {status_of(3)});
  const auto lost = tail_.take_lost(stream, 1);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].device, 1u);
  EXPECT_EQ(lost[0].status, status_of(2));
  EXPECT_TRUE(positions_of(1).empty());
  EXPECT_EQ(positions_of(0).size(), 2u);
  EXPECT_TRUE(tail_.take_lost(stream, 1).empty());
}

}  // namespace
}  // namespace ubiety
