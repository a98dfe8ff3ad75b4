#include <gmock/gmock.h>

#include <optional>

#include "node.hpp"
#include "storage/postgres/store.hpp"
#include "store_fixture.hpp"
#include "support/postgres_server.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Expire : public EachStore {
 protected:
  // Until there is no more. Returns the number of records that were removed singly or with their segments.
  std::uint64_t expire(Timestamp expired_before) {
    std::uint64_t records = 0;
    for (int pieces = 0; pieces < 1'000; ++pieces) {
      const auto expired = expected(session_->expire(expired_before));
      records += expired.records;
      if (!expired.has_more) return records;
    }
    ADD_FAILURE() << "it never ends";
    return records;
  }

  void store(const std::vector<StatusUpdate>& updates) {
    node_.append(updates);
    node_.merge();
  }

  std::unique_ptr<Session> session_ = open_session();
  Node node_{*session_};
};
UBIETY_WITH_EACH_STORE(Expire);

TEST_P(Expire, removes_what_is_older_and_keeps_the_rest) {
  store({update("old", -10 * day, -10 * day), update("recent", -day, -day)});
  expire(at(-7 * day));
  EXPECT_THAT(node_.history("old"), IsEmpty());
  EXPECT_THAT(node_.history("recent"), SizeIs(1));
}

TEST_P(Expire, keeps_records_until_they_are_merged) {
  node_.append({update("old", -10 * day, -10 * day)});
  expire(at(-7 * day));
  EXPECT_THAT(node_.history("old"), SizeIs(1));
  EXPECT_THAT(load(*session_).rows, SizeIs(1));
  node_.merge();
  expire(at(-7 * day));
  EXPECT_THAT(node_.history("old"), IsEmpty());
}

TEST_P(Expire, removes_many_in_pieces) {
  std::vector<StatusUpdate> many;
  for (int device = 0; device < 5'000; ++device)
    for (int i = 0; i < 10; ++i) many.push_back(update("sensor-" + std::to_string(device), -10 * day + 60 * i, 0));
  node_.unmerged().devices_at_once = 500;
  store(many);
  const auto piece = expected(session_->expire(at(-7 * day)));
  EXPECT_TRUE(piece.has_more);
  EXPECT_GT(piece.records, 0U);
  EXPECT_LT(piece.records, many.size());
  EXPECT_EQ(piece.records + expire(at(-7 * day)), many.size());
  EXPECT_THAT(node_.history("sensor-4999"), IsEmpty());
}

TEST_P(Expire, leaves_the_latest_status) {
  const auto old = update("old", -10 * day, -10 * day);
  store({old});
  expire(at(-7 * day));
  const auto latest = load(*session_).latest;
  ASSERT_THAT(latest, SizeIs(1));
  EXPECT_EQ(latest.front().update, old);
}

TEST_P(Expire, goes_by_the_timestamp_alone) {
  store({update("late", -10 * day, 0), update("early", 0, -10 * day)});
  expire(at(-7 * day));
  EXPECT_THAT(node_.history("late"), IsEmpty());
  EXPECT_THAT(node_.history("early"), SizeIs(1));
}

TEST_P(Expire, removes_a_part_of_a_segment) {
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  std::vector<StatusUpdate> updates;
  for (const auto* device : {"a", "b", "c"})
    for (const int second : {100, 200, 300}) updates.push_back(update(device, second, second));
  store(updates);
  EXPECT_EQ(expire(at(200)), 3U);
  for (const auto* device : {"a", "b", "c"}) {
    const auto page = node_.page({.device_id = device, .limit = 10});
    EXPECT_THAT(page.records, ElementsAre(update(device, 300, 300).status, update(device, 200, 200).status));
    EXPECT_EQ(page.total_records, 2U);
  }
}

TEST_P(Expire, is_repeated_without_effect) {
  store({update("a", 100, 100), update("a", 200, 200)});
  expire(at(200));
  EXPECT_EQ(expire(at(200)), 0U);
  EXPECT_FALSE(expected(session_->expire(at(200))).has_more);
}

TEST_P(Expire, counts_what_it_removes) {
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 7'000; ++i) updates.push_back(update("sensor", -10 * day + i, 0));
  updates.push_back(update("sensor", 0, 0));
  store(updates);
  EXPECT_EQ(expire(at(-day)), 7'000U);
}

TEST_P(Expire, lets_a_record_be_stored_again) {
  store({update("a", -10 * day, 0), update("a", 0, 0)});
  expire(at(-7 * day));
  store({update("a", -10 * day, 5)});
  EXPECT_THAT(node_.history("a"), SizeIs(2));
}

class ExpirePartitions : public ::testing::Test {
 protected:
  ExpirePartitions() {
    store_.emplace(url_, postgres::PartitionSpan::day);
    EXPECT_TRUE((*store_->open_migrator())->up());
    own(*store_);
  }

  static std::string partitions() {
    return shared_postgres()
        .execute("expiry", "SELECT count(*) FROM pg_inherits WHERE inhparent = 'device_history'::regclass")
        .value();
  }

  const std::string url_ = shared_postgres().create_database("expiry");
  std::optional<postgres::PostgresStore> store_;
};

TEST_F(ExpirePartitions, drops_them_whole) {
  const auto session = std::move(store_->open().value());
  ASSERT_TRUE(session->ensure_partitions(at(0)));
  store_merged(*session, {update("sensor", -day, -day), update("sensor", 0, 0)});
  EXPECT_EQ(partitions(), "5");  // yesterday, today, the next two days, and the default one
  const auto expired = session->expire(at(0)).value();
  EXPECT_EQ(expired.partitions, 1u);
  EXPECT_TRUE(expired.has_more);
  EXPECT_FALSE(session->expire(at(0)).value().has_more);
  EXPECT_EQ(partitions(), "4");
  EXPECT_THAT(merged_history_of(*session, "sensor"), SizeIs(1));
}

// Such a role deletes the rows of expired partitions.
TEST_F(ExpirePartitions, are_emptied_by_a_role_that_may_not_drop_them) {
  auto& server = shared_postgres();
  {
    const auto owner = std::move(store_->open().value());
    ASSERT_TRUE(owner->ensure_partitions(at(0)));
    store_merged(*owner, {update("sensor", -day, -day), update("sensor", 0, 0)});
  }
  store_.reset();  // another store is to own the database
  server.execute("expiry", "DROP ROLE IF EXISTS tenant");
  server.execute("expiry", "CREATE ROLE tenant LOGIN");
  server.execute("expiry", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO tenant");
  postgres::PostgresStore store("postgresql://tenant@127.0.0.1:" + std::to_string(server.port()) + "/expiry",
                                postgres::PartitionSpan::day);
  own(store);
  const auto session = std::move(store.open().value());
  const auto expired = session->expire(at(0));
  ASSERT_TRUE(expired) << expired.error().message;
  EXPECT_TRUE(expired->may_not_drop);
  EXPECT_EQ(expired->records, 1u);
  EXPECT_EQ(partitions(), "5");
  EXPECT_THAT(merged_history_of(*session, "sensor"), SizeIs(1));
}

}  // namespace
}  // namespace ubiety::test
