// Ownership of a PostgreSQL database when sessions break: docs/FORMATS.md has the protocol.
#include <gmock/gmock.h>

#include <future>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/ownership.hpp"
#include "storage/postgres/store.hpp"
#include "store_fixture.hpp"
#include "support/postgres_server.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;
using postgres::PartitionSpan;
using ::testing::HasSubstr;
using Outcome = Claim::Outcome;

constexpr const char* database = "ownership_test";

class DatabaseOwnership : public ::testing::Test {
 protected:
  DatabaseOwnership() {
    EXPECT_TRUE((*store_.open_migrator())->up());
    own(store_);
    session_ = expected(store_.open());
    expected(session_->open_stream(stream_));
    EXPECT_TRUE(appends(*session_));
  }

  static void execute(const std::string& sql) { shared_postgres().execute(database, sql); }

  // Ends the session that owns the store, as an administrator or a failing network does it. Returns when it is gone.
  static void end_owning_session() {
    const auto holders =
        "FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = " + std::to_string(postgres::owner_lock) +
        " AND database = (SELECT oid FROM pg_database WHERE datname = '" + database + "')";
    execute("SELECT pg_terminate_backend(pid) " + holders);
    EXPECT_TRUE(wait_until(
        [&] { return shared_postgres().execute(database, "SELECT count(*) " + holders).value() == "0"; }, 5s));
  }

  static StoreResult<Claim> claim(Store& store) { return store.ownership().claim(); }

  // What a process does that notices nothing yet.
  bool appends(Session& session) {
    const auto sent = update("sensor", next_sequence_, 1);
    const bool is_appended = session.append({stream_, next_sequence_}, {&sent}).ok();
    if (is_appended) ++next_sequence_;
    return is_appended;
  }
  bool appends() { return appends(*expected(store_.open())); }

  std::size_t records() { return records_of(*expected(other_.open()), "sensor").size(); }

  const std::string url_ = shared_postgres().create_database(database);
  postgres::PostgresStore store_{url_, PartitionSpan::day}, other_{url_, PartitionSpan::day};
  std::unique_ptr<Session> session_;
  const log::StreamId stream_ = new_stream();
  std::int64_t next_sequence_ = 1;
};

TEST_F(DatabaseOwnership, is_taken_back_after_its_session_is_lost) {
  end_owning_session();
  EXPECT_TRUE(appends()) << "nobody else owns the store";
  EXPECT_FALSE(claim(store_)) << "the session is lost";
  EXPECT_EQ(claim(store_).value().outcome, Outcome::owned);
  EXPECT_EQ(claim(other_).value().outcome, Outcome::others);
  EXPECT_TRUE(appends(*session_)) << "the other sessions go on";
}

TEST_F(DatabaseOwnership, is_taken_back_after_all_its_sessions_are_lost) {
  end_owning_session();
  execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ubietyd'");
  EXPECT_FALSE(claim(store_));
  EXPECT_EQ(claim(store_).value().outcome, Outcome::owned);
  EXPECT_TRUE(appends());
}

TEST_F(DatabaseOwnership, is_lost_when_another_process_takes_over) {
  end_owning_session();
  session_.reset();
  own(other_);
  EXPECT_FALSE(appends());
  EXPECT_FALSE(claim(store_)) << "the session is lost";
  EXPECT_EQ(claim(store_).value().outcome, Outcome::others);
  // The other one has ended: nobody owns the store, and this process has not seen what that one wrote.
  end_owning_session();
  const auto lost = claim(store_).value();
  EXPECT_EQ(lost.outcome, Outcome::lost);
  EXPECT_THAT(lost.reason, HasSubstr("owned by process"));
  EXPECT_FALSE(appends());
}

// Otherwise the session could append what the next owner, which has loaded already, never sees.
TEST_F(DatabaseOwnership, is_taken_over_from_every_session_of_an_earlier_owner) {
  end_owning_session();
  own(other_);
  EXPECT_FALSE(appends(*session_));
  EXPECT_FALSE(appends());
  EXPECT_FALSE(expected(store_.open())->open_stream(new_stream())) << "nor in another stream";
  EXPECT_EQ(records(), 1U);
}

// An append of the earlier owner is under way: the next owner loads only after it.
TEST_F(DatabaseOwnership, is_not_taken_over_while_an_append_is_under_way) {
  postgres::Connection left(url_);
  left.run("BEGIN");
  left.query("SELECT FROM node_stream WHERE id = $1 FOR SHARE", {stream_});
  end_owning_session();
  ASSERT_EQ(claim(other_).value().outcome, Outcome::owned);
  auto taking_over = std::async(std::launch::async, [&] { return other_.ownership().take_over(at(0)); });
  EXPECT_EQ(taking_over.wait_for(300ms), std::future_status::timeout);
  left.run("COMMIT");
  EXPECT_TRUE(taking_over.get());
  EXPECT_FALSE(appends());
}

TEST_F(DatabaseOwnership, is_of_a_schema) {
  execute("CREATE SCHEMA beside");
  postgres::PostgresStore beside(url_ + "?options=-csearch_path%3Dbeside", PartitionSpan::day);
  EXPECT_TRUE((*beside.open_migrator())->up());
  own(beside);
  EXPECT_TRUE(try_to_append(*expected(beside.open()), {update("sensor", 1, 1)}));
  EXPECT_TRUE(appends(*session_));
}

TEST_F(DatabaseOwnership, ends_soon_when_a_machine_is_gone) {
  postgres::Connection connection(url_);
  EXPECT_EQ(connection.query("SHOW tcp_user_timeout")[0].text(0), "3000");
  EXPECT_EQ(connection.query("SHOW tcp_keepalives_idle")[0].text(0), "1");
}

}  // namespace
}  // namespace ubiety::test
