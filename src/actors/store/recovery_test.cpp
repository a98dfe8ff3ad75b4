#include "actors/store/recovery.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "actors/shard/device_table.hpp"
#include "actors/shard/shard_of.hpp"
#include "support/faulty_store.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

using test::FaultyStore;
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

  void commit(const std::vector<StatusUpdate>& updates) {
    WriteBatch write;
    for (const auto& update : updates) write.fresh.push_back(&update);
    ASSERT_TRUE(store_.open_beside()->commit(write));
  }
  void write_checkpoint(const std::vector<StatusUpdate>& statuses, Timestamp watermark) {
    const auto session = store_.open_beside();
    ASSERT_TRUE(session->write_checkpoint(statuses));
    ASSERT_TRUE(session->set_watermark(watermark));
  }

  // Writes `count` devices to the checkpoint, and commits as many updates received after it. Half of these are of the
  // same devices.
  void fill_store(int count) {
    std::vector<StatusUpdate> checkpointed, later;
    for (int i = 0; i < count; ++i) checkpointed.push_back(update_of("device-" + std::to_string(i), 1));
    for (int i = 0; i < count; ++i) later.push_back(update_of("device-" + std::to_string(i + count / 2), 2));
    commit(checkpointed);
    write_checkpoint(checkpointed, noon + test::seconds(2));
    commit(later);
  }

  std::size_t statuses_of(Origin origin) const {
    std::size_t count = 0;
    for (const auto& message : messages_) count += message.origin == origin ? message.statuses.size() : 0;
    return count;
  }

  FaultyStore store_;
  StoreConnection connection_{store_, "test", test::unnoticed};
  std::vector<Message> messages_;
};

TEST_F(RecoveryTest, sends_each_shard_its_devices) {
  fill_store(100);
  const auto recovered = load(4);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->newest_received, noon + test::seconds(2));
  EXPECT_EQ(recovered->watermark, noon + test::seconds(2));
  EXPECT_EQ(statuses_of(Origin::checkpoint), 100u);
  EXPECT_EQ(statuses_of(Origin::history), 100u);
  for (const auto& message : messages_) {
    const int timestamp = message.origin == Origin::checkpoint ? 1 : 2;
    for (const auto& update : message.statuses) {
      EXPECT_EQ(shard_of(update.device_id, 4), message.shard);
      EXPECT_EQ(update, update_of(update.device_id, timestamp));
    }
  }
}

TEST_F(RecoveryTest, sends_the_checkpoint_first) {
  fill_store(100);
  ASSERT_TRUE(load(4));
  EXPECT_TRUE(std::is_partitioned(messages_.begin(), messages_.end(),
                                  [](const Message& message) { return message.origin == Origin::checkpoint; }));
  EXPECT_EQ(messages_.size(), 8u);  // one of each origin for each shard
}

TEST_F(RecoveryTest, sends_messages_of_a_bounded_size) {
  fill_store(10'000);
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
  commit({update_of("a", 1)});
  const auto recovered = load(1);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->newest_received, noon + test::seconds(1));
  ASSERT_EQ(messages_.size(), 1u);
  EXPECT_EQ(messages_.front().origin, Origin::history);
  EXPECT_EQ(messages_.front().statuses, std::vector{update_of("a", 1)});
}

TEST_F(RecoveryTest, fails_with_the_store) {
  fill_store(10);
  store_.load_breaks_after = 1;
  EXPECT_FALSE(load(1));
  store_.load_breaks_after.reset();
  messages_.clear();
  EXPECT_TRUE(load(1));
  EXPECT_EQ(store_.sessions, 2);
  EXPECT_EQ(statuses_of(Origin::checkpoint), 10u);
  EXPECT_EQ(statuses_of(Origin::history), 10u);
}

TEST_F(RecoveryTest, fails_without_a_session) {
  store_.is_reachable = false;
  const auto failed = load(1);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_TRUE(messages_.empty());
}

class SchemaTest : public ::testing::Test {
 protected:
  // "NUMBER CHECKSUM" of each migration, to compare.
  static std::vector<std::string> applied(FaultyStore& store) {
    std::vector<std::string> applied;
    for (const auto& [number, checksum] : store.applied_migrations())
      applied.push_back(std::to_string(number) + " " + checksum);
    return applied;
  }
  static std::vector<std::string> known() {
    std::vector<std::string> known;
    for (const auto& migration : sqlite_migrations())
      known.push_back(std::to_string(migration.number) + " " + checksum_of(migration));
    return known;
  }

  FaultyStore store_{FaultyStore::Start::empty};
};

TEST_F(SchemaTest, is_brought_up_to_date) {
  ASSERT_TRUE(prepare_schema(store_, true));
  EXPECT_EQ(applied(store_), known());
  ASSERT_TRUE(prepare_schema(store_, true));
  EXPECT_EQ(applied(store_), known());
}

TEST_F(SchemaTest, is_left_alone_by_a_process_that_may_not_migrate) {
  const auto refused = prepare_schema(store_, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, StoreFailure::Kind::rejected);
  EXPECT_NE(refused.error().message.find("migrate up"), std::string::npos);
  EXPECT_TRUE(applied(store_).empty());

  ASSERT_TRUE(prepare_schema(store_, true));
  EXPECT_TRUE(prepare_schema(store_, false));
}

TEST_F(SchemaTest, is_refused_if_other_migrations_made_it) {
  for (const auto* tamper : {
           "UPDATE schema_migrations SET checksum = 'another checksum' WHERE number = 1",
           "DELETE FROM schema_migrations WHERE number > 1; UPDATE schema_migrations SET number = 7",
           "INSERT INTO schema_migrations VALUES (9999, 'from_the_future', 'newer', '')",
       }) {
    FaultyStore store(FaultyStore::Start::migrated);
    store.execute(tamper);
    const auto tampered = applied(store);
    ASSERT_NE(tampered, known());
    const auto refused = prepare_schema(store, true);
    ASSERT_FALSE(refused) << tamper;
    EXPECT_EQ(refused.error().kind, StoreFailure::Kind::rejected) << tamper;
    EXPECT_EQ(applied(store), tampered) << "left alone";
  }
}

TEST_F(SchemaTest, is_not_prepared_while_the_store_is_away) {
  store_.is_reachable = false;
  const auto failed = prepare_schema(store_, true);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_TRUE(applied(store_).empty());
}

}  // namespace
}  // namespace ubiety
