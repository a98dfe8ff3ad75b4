#include "actors/shard/followed_histories.hpp"

#include <gtest/gtest.h>

#include "support/updates.hpp"

namespace ubiety {
namespace {

using test::seconds;
using test::update_of;

class FollowedHistoriesTest : public ::testing::Test {
 protected:
  // What a reader would be told; the store counts when it has to.
  std::uint64_t read(const DeviceId& device_id, std::uint64_t in_store) {
    const auto known = histories_.ask(page_of(device_id), false);
    if (known.rows) return *known.rows;
    ++counted_;
    if (known.version) histories_.keep(device_id, *known.version, in_store, {});
    return in_store;
  }

  void commit(const std::vector<StatusUpdate>& fresh, const std::vector<StatusUpdate>& doubtful, bool fresh_are_new) {
    const auto write = write_of(fresh, doubtful);
    histories_.handed_over(write);
    histories_.done(write, fresh_are_new);
  }

  static WriteBatch write_of(const std::vector<StatusUpdate>& fresh, const std::vector<StatusUpdate>& doubtful) {
    WriteBatch write;
    for (const auto& update : fresh) write.fresh.push_back(&update);
    for (const auto& update : doubtful) write.doubtful.push_back(&update);
    return write;
  }

  static HistoryQuery page_of(const DeviceId& device_id) { return {.device_id = device_id}; }

  FollowedHistories histories_{0};
  int counted_ = 0;
};

TEST_F(FollowedHistoriesTest, counts_once_and_adds_what_is_new) {
  EXPECT_EQ(read("a", 100), 100u);
  EXPECT_EQ(read("a", 100), 100u);
  commit({update_of("a", 1), update_of("a", 2), update_of("b", 1)}, {}, true);
  EXPECT_EQ(read("a", 102), 102u);
  EXPECT_EQ(counted_, 1);
}

TEST_F(FollowedHistoriesTest, counts_again_when_it_is_unknown_what_was_new) {
  read("a", 100);
  commit({update_of("a", 1)}, {}, false);
  EXPECT_EQ(read("a", 101), 101u);
  EXPECT_EQ(counted_, 2);
  commit({update_of("a", 2)}, {update_of("a", 1)}, true);
  EXPECT_EQ(read("a", 102), 102u);
  EXPECT_EQ(counted_, 3);
}

TEST_F(FollowedHistoriesTest, keeps_nothing_that_was_counted_while_an_update_was_in_flight) {
  const auto update = update_of("a", 1);
  WriteBatch with_update;
  with_update.fresh.push_back(&update);

  read("a", 100);
  histories_.handed_over(with_update);
  const auto meanwhile = histories_.ask(page_of("a"), true);
  EXPECT_FALSE(meanwhile.rows);
  EXPECT_FALSE(meanwhile.version) << "the store may count it, and it would be added once more";
  histories_.done(with_update, true);
  EXPECT_EQ(read("a", 101), 101u);
  EXPECT_EQ(counted_, 1);
}

TEST_F(FollowedHistoriesTest, keeps_nothing_of_a_device_first_read_while_a_batch_is_in_flight) {
  EXPECT_FALSE(histories_.ask(page_of("a"), true).version);
  const auto update = update_of("a", 1);
  WriteBatch write;
  write.fresh.push_back(&update);
  histories_.done(write, true);
  EXPECT_EQ(read("a", 7), 7u);
  EXPECT_EQ(read("a", 7), 7u);
  EXPECT_EQ(counted_, 1);
}

TEST_F(FollowedHistoriesTest, keeps_nothing_that_was_asked_before_a_change) {
  const auto asked = histories_.ask(page_of("a"), false);
  commit({update_of("a", 1)}, {}, true);
  histories_.keep("a", asked.version.value(), 100, {});
  EXPECT_FALSE(histories_.ask(page_of("a"), false).rows);
  const auto again = histories_.ask(page_of("a"), false);
  histories_.forget();
  histories_.keep("a", again.version.value(), 101, {});
  EXPECT_FALSE(histories_.ask(page_of("a"), false).rows) << "rows were removed since";
}

TEST_F(FollowedHistoriesTest, counts_again_after_rows_were_removed) {
  read("a", 100);
  histories_.forget();
  EXPECT_EQ(read("a", 60), 60u);
}

TEST_F(FollowedHistoriesTest, is_right_for_many_more_devices_than_it_follows) {
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 25'000; ++i)
      ASSERT_EQ(read("device-" + std::to_string(i), static_cast<std::uint64_t>(i)), static_cast<std::uint64_t>(i));
}

class RememberedHistoryTest : public ::testing::Test {
 protected:
  // What memory answers after the store was read once.
  std::optional<HistoryPage> ask(const HistoryQuery& query) { return histories_.ask(query, false).page; }

  void read_from_store(const DeviceId& device_id, const std::vector<Status>& newest, std::uint64_t rows) {
    const auto known = histories_.ask({.device_id = device_id}, false);
    histories_.keep(device_id, known.version.value(), rows, newest);
  }

  static std::vector<Status> rows_from(int newest, int count) {
    std::vector<Status> rows;
    for (int i = 0; i < count; ++i) rows.push_back(update_of("", newest - i).status);
    return rows;
  }

  void commit(const StatusUpdate& update) {
    WriteBatch write;
    write.fresh.push_back(&update);
    histories_.handed_over(write);
    histories_.done(write, true);
  }

  FollowedHistories histories_{2};
};

TEST_F(RememberedHistoryTest, answers_what_it_has) {
  read_from_store("a", rows_from(100, 50), 80);
  const auto page = ask({.device_id = "a", .limit = 20});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->records, rows_from(100, 20));
  EXPECT_EQ(page->total_records, 80u);
  EXPECT_TRUE(page->has_more);
  EXPECT_FALSE(ask({.device_id = "a", .limit = 51})) << "the store has more";
  EXPECT_FALSE(ask({.device_id = "a", .limit = 20, .after = page->records.back()}));
}

TEST_F(RememberedHistoryTest, answers_a_span_that_it_covers) {
  read_from_store("a", rows_from(100, 50), 80);
  const auto page = ask({.device_id = "a", .limit = 2, .since = noon + seconds(90), .before = noon + seconds(95)});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->records, rows_from(94, 2));
  EXPECT_EQ(page->total_records, 4u);
  EXPECT_TRUE(page->has_more);
  EXPECT_TRUE(ask({.device_id = "a", .since = noon + seconds(51)}));
  EXPECT_FALSE(ask({.device_id = "a", .since = noon + seconds(50)})) << "a row between them may not be remembered";
  EXPECT_FALSE(ask({.device_id = "a", .before = noon + seconds(95)}));
}

TEST_F(RememberedHistoryTest, takes_in_what_is_reported) {
  read_from_store("a", rows_from(100, 64), 80);
  commit(update_of("a", 101));
  const auto page = ask({.device_id = "a", .limit = 64});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->records, rows_from(101, 64));
  EXPECT_EQ(page->total_records, 81u);
}

TEST_F(RememberedHistoryTest, remembers_so_many_devices_and_then_others) {
  for (const auto* device : {"a", "b", "c"}) read_from_store(device, rows_from(100, 50), 80);
  EXPECT_FALSE(ask({.device_id = "a"}));
  EXPECT_FALSE(ask({.device_id = "b"}));
  EXPECT_TRUE(ask({.device_id = "c"}));
  EXPECT_EQ(histories_.ask({.device_id = "a"}, false).rows, 80u) << "the count takes less room";
}

}  // namespace
}  // namespace ubiety
