#include <gmock/gmock.h>

#include <optional>

#include "storage/postgres/store.hpp"
#include "store_fixture.hpp"
#include "support/postgres_server.hpp"

namespace ubiety::test {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t day = 86'400;

class Expire : public EachStore {
 protected:
  // Until there is no more.
  void expire(Timestamp expired_before) {
    for (bool more = true; more;) {
      const auto expired = session_->expire(expired_before);
      ASSERT_TRUE(expired) << expired.error().message;
      more = expired->has_more;
    }
  }

  std::unique_ptr<Session> session_ = open_session();
};
UBIETY_WITH_EACH_STORE(Expire);

TEST_P(Expire, removes_what_is_older_and_keeps_the_rest) {
  commit_fresh(*session_, {update("old", -10 * day, -10 * day), update("recent", -day, -day)});
  ASSERT_TRUE(session_->set_watermark(at(0)));
  expire(at(-7 * day));
  EXPECT_THAT(history_of(*session_, "old"), IsEmpty());
  EXPECT_THAT(history_of(*session_, "recent"), SizeIs(1));
}

TEST_P(Expire, keeps_what_the_checkpoint_may_not_have) {
  commit_fresh(*session_, {update("old", -10 * day, -10 * day)});
  expire(at(-7 * day));
  EXPECT_THAT(history_of(*session_, "old"), SizeIs(1));
  ASSERT_TRUE(session_->set_watermark(at(-10 * day)));
  expire(at(-7 * day));
  EXPECT_THAT(history_of(*session_, "old"), SizeIs(1));
}

TEST_P(Expire, removes_many_in_pieces) {
  std::vector<StatusUpdate> many;
  for (int i = 0; i < 12'000; ++i) many.push_back(update("sensor", -10 * day + i, -10 * day + i));
  commit_fresh(*session_, many);
  ASSERT_TRUE(session_->set_watermark(at(0)));
  const auto piece = session_->expire(at(-7 * day)).value();
  EXPECT_TRUE(piece.has_more);
  EXPECT_GT(piece.rows, 0u);
  expire(at(-7 * day));
  EXPECT_THAT(history_of(*session_, "sensor"), IsEmpty());
}

TEST_P(Expire, leaves_the_latest_status) {
  const auto old = update("old", -10 * day, -10 * day);
  commit_fresh(*session_, {old});
  ASSERT_TRUE(session_->write_checkpoint(std::vector{old}));
  ASSERT_TRUE(session_->set_watermark(at(0)));
  expire(at(-7 * day));
  const auto told = told_by(*session_);
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told.front().update, old);
}

TEST_P(Expire, goes_by_the_timestamp_alone) {
  commit_fresh(*session_, {update("late", -10 * day, 0), update("early", 0, -10 * day)});
  ASSERT_TRUE(session_->set_watermark(at(1)));
  expire(at(-7 * day));
  EXPECT_THAT(history_of(*session_, "late"), IsEmpty());
  EXPECT_THAT(history_of(*session_, "early"), SizeIs(1));
}

TEST_P(Expire, removes_from_where_rows_are_kept_beside_expired_ones) {
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  for (const auto* device : {"a", "b", "c"})
    commit_fresh(*session_, {update(device, 100, 100), update(device, 200, 200), update(device, 300, 300)});
  ASSERT_TRUE(session_->set_watermark(at(1000)));
  expire(at(200));
  for (const auto* device : {"a", "b", "c"}) EXPECT_THAT(history_of(*session_, device), SizeIs(2)) << device;
}

TEST_P(Expire, counts_what_it_removes) {
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 7'000; ++i) updates.push_back(update("sensor", -10 * day + i, 0));
  commit_fresh(*session_, updates);
  commit_fresh(*session_, {update("sensor", 0, 0)});
  ASSERT_TRUE(session_->set_watermark(at(1)));
  std::uint64_t rows = 0;
  for (bool more = true; more;) {
    const auto expired = session_->expire(at(-day)).value();
    rows += expired.rows;
    more = expired.has_more;
  }
  EXPECT_EQ(rows, 7'000u);
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
        .execute("expiry", "SELECT count(*) FROM pg_inherits WHERE inhparent = 'device_status'::regclass")
        .value();
  }

  const std::string url_ = shared_postgres().create_database("expiry");
  std::optional<postgres::PostgresStore> store_;
};

TEST_F(ExpirePartitions, drops_them_whole) {
  const auto session = std::move(store_->open().value());
  ASSERT_TRUE(session->ensure_partitions(at(0)));
  commit_fresh(*session, {update("sensor", -day, -day), update("sensor", 0, 0)});
  ASSERT_TRUE(session->set_watermark(at(day)));
  EXPECT_EQ(partitions(), "5");  // yesterday, today, the next two days, and the default one
  const auto expired = session->expire(at(0)).value();
  EXPECT_EQ(expired.partitions, 1u);
  EXPECT_TRUE(expired.has_more);
  EXPECT_FALSE(session->expire(at(0)).value().has_more);
  EXPECT_EQ(partitions(), "4");
  EXPECT_THAT(history_of(*session, "sensor"), SizeIs(1));
}

// Such a role deletes the rows of expired partitions.
TEST_F(ExpirePartitions, are_emptied_by_a_role_that_may_not_drop_them) {
  auto& server = shared_postgres();
  {
    const auto owner = std::move(store_->open().value());
    ASSERT_TRUE(owner->ensure_partitions(at(0)));
    commit_fresh(*owner, {update("sensor", -day, -day), update("sensor", 0, 0)});
    ASSERT_TRUE(owner->set_watermark(at(day)));
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
  EXPECT_EQ(expired->rows, 1u);
  EXPECT_EQ(partitions(), "5");
  EXPECT_THAT(history_of(*session, "sensor"), SizeIs(1));
}

TEST_F(ExpirePartitions, leaves_one_with_rows_that_the_checkpoint_may_not_have) {
  const auto session = std::move(store_->open().value());
  ASSERT_TRUE(session->ensure_partitions(at(0)));
  commit_fresh(*session, {update("late", -day, 5)});
  ASSERT_TRUE(session->set_watermark(at(5)));
  EXPECT_FALSE(session->expire(at(0)).value().has_more);
  EXPECT_THAT(history_of(*session, "late"), SizeIs(1));
}

}  // namespace
}  // namespace ubiety::test
