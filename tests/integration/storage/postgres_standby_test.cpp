// Appends to a server whose synchronous standby does not answer: a row that is committed, and visible, is not durable
// until the standby has it. A promotion of the standby would lose the row.
#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <string>

#include "storage/postgres/store.hpp"
#include "store_fixture.hpp"
#include "support/postgres_server.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Kind = StoreFailure::Kind;

constexpr const char* waiting_backends = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

class SynchronousStandby : public ::testing::Test {
 protected:
  SynchronousStandby() {
    server_.start();
    expected(expected(store_.open_migrator())->up());
    own(store_);
    session_ = expected(store_.open());
    expected(session_->open_stream(stream_));
    expected(append(1));
  }

  StoreResult<Done> append(std::int64_t sequence) {
    const auto sent = update("sensor", sequence, sequence);
    return session_->append({stream_, sequence}, {&sent});
  }

  StoreResult<std::int64_t> last_appended() {
    auto session = store_.open();
    if (!session) return Failure{session.error()};
    return (*session)->last_appended(stream_);
  }

  // `names` is empty if no standby is asked.
  void set_standbys(const std::string& names) {
    server_.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = '" + names + "'");
    server_.execute("postgres", "SELECT pg_reload_conf()");
    EXPECT_TRUE(wait_until(
        [&] { return server_.execute("postgres", "SHOW synchronous_standby_names").value_or("") == names; }, 5s));
  }

  bool waits() { return server_.execute("postgres", std::string("SELECT count(*) ") + waiting_backends) != "0"; }

  std::string rows() { return server_.execute("ubiety", "SELECT count(*) FROM update_log").value(); }

  PostgresServer server_;
  postgres::PostgresStore store_{server_.url(), postgres::PartitionSpan::day, 2s};
  std::unique_ptr<Session> session_;
  const log::StreamId stream_ = new_stream();
};

TEST_F(SynchronousStandby, is_waited_for) {
  set_standbys("absent");
  const auto appended = append(2);
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, Kind::unavailable);
}

// Its backend is gone, and everybody sees the row, but no standby has it.
TEST_F(SynchronousStandby, is_waited_for_by_what_settles_an_append_whose_backend_was_terminated) {
  set_standbys("absent");
  auto appending = std::async(std::launch::async, [&] { return append(2); });
  ASSERT_TRUE(wait_until([&] { return waits(); }, 5s));
  server_.execute("postgres", std::string("SELECT pg_terminate_backend(pid) ") + waiting_backends);
  const auto appended = appending.get();
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, Kind::unavailable);
  ASSERT_EQ(rows(), "2");

  auto settling = std::async(std::launch::async, [&] { return last_appended(); });
  EXPECT_EQ(settling.wait_for(1s), std::future_status::timeout) << "no standby has the row";
  set_standbys("");  // as if it came back
  EXPECT_EQ(expected(settling.get()), 2);
}

TEST_F(SynchronousStandby, is_waited_for_by_what_appends_a_row_once) {
  set_standbys("absent");
  ASSERT_FALSE(append(2));
  const auto sent = update("sensor", 2, 2);
  auto forwarding = std::async(std::launch::async, [&] {
    auto session = store_.open();
    return session ? (*session)->append_once({{{stream_, 2}, {sent}}}) : Failure{session.error()};
  });
  EXPECT_EQ(forwarding.wait_for(1s), std::future_status::timeout);
  set_standbys("");
  EXPECT_TRUE(forwarding.get());
  EXPECT_EQ(rows(), "2");
}

// The server then reports a success with a warning.
TEST_F(SynchronousStandby, is_not_durable_when_a_person_cancels_the_wait) {
  set_standbys("absent");
  auto appending = std::async(std::launch::async, [&] { return append(2); });
  ASSERT_TRUE(wait_until([&] { return waits(); }, 5s));
  server_.execute("postgres", std::string("SELECT pg_cancel_backend(pid) ") + waiting_backends);
  const auto appended = appending.get();
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, Kind::unavailable);
  EXPECT_THAT(appended.error().message, HasSubstr("canceled"));
  EXPECT_EQ(rows(), "2");
  set_standbys("");
}

}  // namespace
}  // namespace ubiety::test
