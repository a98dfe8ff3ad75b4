#include "actors/store/recovery.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "actors/shard/device_table.hpp"
#include "actors/shard/shard_of.hpp"
#include "support/fakes.hpp"

namespace ubiety {
namespace {

using test::update_of;

class RecoveryTest : public ::testing::Test {
 protected:
  struct Message {
    std::uint32_t shard;
    Origin origin;
    std::vector<StatusUpdate> statuses;
  };

  StoreResult<Recovered> load(std::uint32_t shards) {
    return load_shards(connection_, shards, [this](std::uint32_t shard, const LoadStatuses& loaded) {
      messages_.push_back({shard, loaded.origin, *loaded.statuses});
    });
  }

  // `count` devices of the checkpoint, and as many of the history, the first half of them the same.
  void store_has(int count) {
    store_.on_load = [count](const StatusSink& sink) -> StoreResult<Recovered> {
      for (int i = 0; i < count; ++i) sink(update_of("device-" + std::to_string(i), 1), Origin::checkpoint);
      for (int i = 0; i < count; ++i) sink(update_of("device-" + std::to_string(i + count / 2), 2), Origin::history);
      return Recovered{noon + test::seconds(2)};
    };
  }

  std::size_t statuses_of(Origin origin) const {
    std::size_t count = 0;
    for (const auto& message : messages_) count += message.origin == origin ? message.statuses.size() : 0;
    return count;
  }

  test::FakeStore store_;
  StoreConnection connection_{store_, "test", test::unnoticed};
  std::vector<Message> messages_;
};

TEST_F(RecoveryTest, sends_each_shard_its_devices) {
  store_has(100);
  const auto recovered = load(4);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->newest_received, noon + test::seconds(2));
  EXPECT_EQ(statuses_of(Origin::checkpoint), 100u);
  EXPECT_EQ(statuses_of(Origin::history), 100u);
  for (const auto& message : messages_)
    for (const auto& update : message.statuses) EXPECT_EQ(shard_of(update.device_id, 4), message.shard);
}

TEST_F(RecoveryTest, sends_the_checkpoint_first) {
  store_has(100);
  ASSERT_TRUE(load(4));
  EXPECT_TRUE(std::is_partitioned(messages_.begin(), messages_.end(),
                                  [](const Message& message) { return message.origin == Origin::checkpoint; }));
  EXPECT_EQ(messages_.size(), 8u);  // for each shard one of each origin
}

TEST_F(RecoveryTest, sends_messages_of_a_bounded_size) {
  store_has(10'000);
  ASSERT_TRUE(load(1));
  for (const auto& message : messages_) {
    EXPECT_LE(message.statuses.size(), 4096u);
    EXPECT_FALSE(message.statuses.empty());
  }
  EXPECT_EQ(statuses_of(Origin::checkpoint), 10'000u);
  EXPECT_EQ(statuses_of(Origin::history), 10'000u);
}

TEST_F(RecoveryTest, sends_nothing_from_an_empty_store) {
  const auto recovered = load(2);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->newest_received, Timestamp{});
  EXPECT_TRUE(messages_.empty());
}

TEST_F(RecoveryTest, takes_a_history_without_a_checkpoint) {
  store_.on_load = [](const StatusSink& sink) -> StoreResult<Recovered> {
    sink(update_of("a", 1), Origin::history);
    return Recovered{noon};
  };
  ASSERT_TRUE(load(1));
  ASSERT_EQ(messages_.size(), 1u);
  EXPECT_EQ(messages_.front().origin, Origin::history);
  EXPECT_EQ(messages_.front().statuses, std::vector{update_of("a", 1)});
}

TEST_F(RecoveryTest, fails_with_the_store) {
  store_.on_load = [](const StatusSink& sink) -> StoreResult<Recovered> {
    sink(update_of("a", 1), Origin::checkpoint);
    return test::unavailable();
  };
  EXPECT_FALSE(load(1));
  store_has(10);
  EXPECT_TRUE(load(1));
  EXPECT_EQ(store_.sessions, 2);

  store_.reachable = false;
  StoreConnection new_connection(store_, "test", test::unnoticed);
  const auto failed = load_shards(new_connection, 1, [](std::uint32_t, const LoadStatuses&) {});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, StoreFailure::Kind::unavailable);
}

TEST_F(RecoveryTest, brings_the_schema_up_to_date) {
  ASSERT_TRUE(prepare_schema(store_, true));
  ASSERT_EQ(store_.applied_migrations.size(), 2u);
  ASSERT_TRUE(prepare_schema(store_, true));
  EXPECT_EQ(store_.applied_migrations.size(), 2u);
}

TEST_F(RecoveryTest, leaves_a_schema_alone_that_it_may_not_migrate) {
  const auto refused = prepare_schema(store_, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, StoreFailure::Kind::rejected);
  EXPECT_NE(refused.error().message.find("migrate up"), std::string::npos);
  EXPECT_TRUE(store_.applied_migrations.empty());

  ASSERT_TRUE(prepare_schema(store_, true));
  EXPECT_TRUE(prepare_schema(store_, false));
}

TEST_F(RecoveryTest, refuses_a_schema_of_other_migrations) {
  const std::vector<AppliedMigration> strange[] = {
      {{1, "another checksum"}},
      {{7, checksum_of(store_.known_migrations[0])}},
      {{1, checksum_of(store_.known_migrations[0])}, {2, checksum_of(store_.known_migrations[1])}, {3, "newer"}},
  };
  for (const auto& applied : strange) {
    store_.applied_migrations = applied;
    const auto refused = prepare_schema(store_, true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, StoreFailure::Kind::rejected);
  }
}

TEST_F(RecoveryTest, says_when_the_store_is_away) {
  store_.reachable = false;
  const auto failed = prepare_schema(store_, true);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, StoreFailure::Kind::unavailable);
}

}  // namespace
}  // namespace ubiety
