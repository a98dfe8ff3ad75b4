#include "actors/store/recovery.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "actors/parcel.hpp"
#include "actors/shard/device_table.hpp"
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
    std::vector<log::LatestStatus> latest;
    std::vector<log::Row> rows;
  };

  StoreResult<Recovered> load(std::uint32_t shards) {
    return load_shards(connection_, shards, [this](std::uint32_t shard, const LoadStored& stored) {
      EXPECT_TRUE(stored.is_latest_known);
      messages_.push_back({shard, *stored.latest, *stored.rows});
    });
  }

  void append(const std::vector<StatusUpdate>& updates) {
    UpdateList list;
    for (const auto& update : updates) list.push_back(&update);
    const auto session = store_.open_beside();
    ASSERT_TRUE(session->open_stream(stream));
    ASSERT_TRUE(session->append({stream, ++last_row_}, list));
  }

  // Merges `count` devices, and appends as many updates after that. Half of these are of the same devices.
  void fill_store(int count) {
    std::vector<StatusUpdate> merged, later;
    for (int i = 0; i < count; ++i) merged.push_back(update_of("device-" + std::to_string(i), 1));
    for (int i = 0; i < count; ++i) later.push_back(update_of("device-" + std::to_string(i + count / 2), 2));
    append(merged);
    store_.merge_all();
    append(later);
  }

  std::size_t latest_statuses() const {
    std::size_t count = 0;
    for (const auto& message : messages_) count += message.latest.size();
    return count;
  }
  std::size_t updates() const {
    std::size_t count = 0;
    for (const auto& message : messages_)
      for (const auto& row : message.rows) count += row.updates.size();
    return count;
  }

  static constexpr log::StreamId stream = 7;

  FaultyStore store_;
  StoreConnection connection_{store_, "test", test::unnoticed};
  std::vector<Message> messages_;
  std::int64_t last_row_ = 0;
};

TEST_F(RecoveryTest, sends_each_shard_its_devices) {
  fill_store(100);
  const auto recovered = load(4);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->newest_received, noon + test::seconds(2));
  EXPECT_EQ(recovered->rows.of(stream), 2);
  EXPECT_EQ(latest_statuses(), 100u);
  EXPECT_EQ(updates(), 100u);
  for (const auto& message : messages_) {
    for (const auto& latest : message.latest) {
      EXPECT_EQ(shard_of(latest.update.device_id, 4), message.shard);
      EXPECT_EQ(latest.update, update_of(latest.update.device_id, 1));
    }
    for (const auto& row : message.rows) {
      EXPECT_EQ(row.position, (log::Position{stream, 2}));
      for (const auto& update : row.updates) {
        EXPECT_EQ(shard_of(update.device_id, 4), message.shard);
        EXPECT_EQ(update, update_of(update.device_id, 2));
      }
    }
  }
}

TEST_F(RecoveryTest, sends_the_latest_statuses_first) {
  fill_store(10'000);
  ASSERT_TRUE(load(1));
  EXPECT_TRUE(std::is_partitioned(messages_.begin(), messages_.end(),
                                  [](const Message& message) { return message.rows.empty(); }));
}

TEST_F(RecoveryTest, sends_messages_of_a_bounded_size) {
  fill_store(10'000);
  for (int i = 3; i < 1003; ++i) append({update_of("a", i), update_of("b", i)});
  ASSERT_TRUE(load(1));
  for (const auto& message : messages_) {
    EXPECT_LE(message.latest.size(), 4096u);
    EXPECT_LE(message.rows.size(), 4096u);
    EXPECT_FALSE(message.latest.empty() && message.rows.empty());
  }
  EXPECT_EQ(latest_statuses(), 10'000u);
  EXPECT_EQ(updates(), 12'000u);
}

// A shard ignores a row that it has already, so a row's updates for the shard must come together.
TEST_F(RecoveryTest, divides_no_row) {
  fill_store(10'000);
  ASSERT_TRUE(load(1));
  std::size_t messages_with_the_row = 0;
  for (const auto& message : messages_) messages_with_the_row += message.rows.empty() ? 0 : 1;
  EXPECT_EQ(messages_with_the_row, 1u);
}

TEST_F(RecoveryTest, sends_nothing_from_an_empty_store) {
  const auto recovered = load(2);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->newest_received, Timestamp{});
  EXPECT_TRUE(messages_.empty());
}

TEST_F(RecoveryTest, passes_over_a_row_that_cannot_be_read) {
  append({update_of("a", 1)});
  append({update_of("b", 1)});
  store_.execute("UPDATE update_log SET updates = x'00' WHERE place % 1099511627776 = 1");
  const auto recovered = load(1);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->damaged, 1u);
  EXPECT_EQ(updates(), 1u);
}

TEST_F(RecoveryTest, fails_with_the_store) {
  fill_store(10);
  store_.load_breaks_after = 1;
  EXPECT_FALSE(load(1));
  store_.load_breaks_after.reset();
  messages_.clear();
  EXPECT_TRUE(load(1));
  EXPECT_EQ(store_.sessions, 2);
  EXPECT_EQ(latest_statuses(), 10u);
  EXPECT_EQ(updates(), 10u);
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
