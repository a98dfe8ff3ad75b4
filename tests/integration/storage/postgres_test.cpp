// What only PostgreSQL has: partitions, a server that goes away, settings that would make the promise a lie.
#include <gmock/gmock.h>

#include <algorithm>
#include <future>
#include <limits>
#include <optional>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/partitions.hpp"
#include "storage/postgres/store.hpp"
#include "store_fixture.hpp"
#include "support/postgres_server.hpp"
#include "support/time_limit.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using postgres::PartitionSpan;
using ::testing::HasSubstr;

class Postgres : public ::testing::Test {
 protected:
  Postgres() {
    EXPECT_TRUE((*store_->open_migrator())->up());
    own(*store_);
  }

  // In place of the store that was open, as after a restart with other settings.
  Store& reopen(PartitionSpan span, std::chrono::milliseconds limit = std::chrono::seconds(3)) {
    store_.emplace(url_, span, limit);
    own(*store_);
    return *store_;
  }

  std::unique_ptr<Session> open() { return std::move(store_->open().value()); }

  static std::string count(const std::string& table) {
    return shared_postgres().execute("postgres_test", "SELECT count(*) FROM " + table).value();
  }

  const std::string url_ = shared_postgres().create_database("postgres_test");
  std::optional<postgres::PostgresStore> store_{std::in_place, url_, PartitionSpan::day};
};

TEST_F(Postgres, makes_partitions_ahead_and_puts_rows_into_them) {
  const auto session = open();
  ASSERT_TRUE(session->ensure_partitions(at(0)));
  ASSERT_TRUE(session->ensure_partitions(at(0)));
  store_merged(*session, {update("today", 10, 0), update("tomorrow", 86'400, 0), update("long ago", -86'400 * 400, 0)});
  EXPECT_EQ(count("device_history_20261124"), "1");
  EXPECT_EQ(count("device_history_20261125"), "1");
  EXPECT_EQ(count("device_history_default"), "1");
}

TEST_F(Postgres, lives_with_a_range_that_the_default_partition_already_has_rows_of) {
  const auto session = open();
  store_merged(*session, {update("early bird", 10, 0)});
  ASSERT_TRUE(session->ensure_partitions(at(0)));
  store_merged(*session, {update("sensor", 20, 0)});
  EXPECT_EQ(count("device_history_default"), "2");
  EXPECT_EQ(merged_history_of(*session, "early bird").size(), 1U);
}

// Pages of any size give the same records in the same order, over groups of partitions, gaps between them, and rows of
// the default partition of any time.
TEST_F(Postgres, reads_histories_over_many_partitions) {
  const auto session = open();
  for (int i = -80; i < 40; i += i == -30 ? 10 : 2) ASSERT_TRUE(session->ensure_partitions(at(i * day)));
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 120; ++i) updates.push_back(update("sensor", (i - 80) * day + i % 3, i, i % 101));
  for (const int far : {-5000, -5000, 4000}) updates.push_back(update("sensor", far * day, far + 6000, 1));
  updates.erase(updates.end() - 2);
  store_merged(*session, updates);
  ASSERT_GT(std::stoi(count("pg_inherits WHERE inhparent = 'device_history'::regclass")), 100);

  auto query = HistoryQuery{.device_id = "sensor", .limit = 1000};
  const auto all = session->history(query, {})->records;
  ASSERT_EQ(all.size(), updates.size());
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const Status& left, const Status& right) { return left.timestamp > right.timestamp; }));
  for (const std::size_t limit : {1, 7, 50, 121}) {
    query.limit = limit;
    query.after.reset();
    std::vector<Status> paged;
    for (bool more = true; more;) {
      const auto page = session->history(query, {}).value();
      EXPECT_EQ(page.total_records, updates.size());
      paged.insert(paged.end(), page.records.begin(), page.records.end());
      query.after = page.records.back();
      more = page.has_more;
    }
    EXPECT_EQ(paged, all) << "limit " << limit;
  }
}

// Within a span only the partitions that overlap it are counted.
TEST_F(Postgres, counts_within_a_span_over_many_partitions) {
  const auto session = open();
  for (int i = -80; i < 40; i += i == -30 ? 10 : 2) ASSERT_TRUE(session->ensure_partitions(at(i * day)));
  std::vector<StatusUpdate> updates;
  for (int i = -80; i < 40; ++i)
    for (int j = 0; j < 3; ++j) updates.push_back(update("sensor", i * day + j * day / 3, 200 + i, j));
  for (const int far : {-5000, 4000}) updates.push_back(update("sensor", far * day, far + 6000, 1));
  store_merged(*session, updates);
  for (const int from : {-6000, -5000, -77, -30, -25, -4, -1, 0, 1, 2, 39, 4000})
    for (const int length : {1, 3, 30, 9000}) {
      for (const int shift : {-1, 0, 1}) {
        HistoryQuery query{.device_id = "sensor", .limit = 1};
        query.since = at(from * day + shift);
        query.before = at((from + length) * day + shift);
        const auto expected = std::count_if(updates.begin(), updates.end(), [&](const StatusUpdate& each) {
          return query.is_in_span(each.status.timestamp);
        });
        EXPECT_EQ(session->history(query, {})->total_records, static_cast<std::uint64_t>(expected))
            << from << " + " << length << ", shifted by " << shift;
      }
    }
}

// A page would wait for the lock of a partition that it reads.
TEST_F(Postgres, reads_the_newest_page_from_the_newest_partitions_alone) {
  const auto session = open();
  for (int i = -40; i < 3; i += 2) ASSERT_TRUE(session->ensure_partitions(at(i * day)));
  std::vector<StatusUpdate> updates;
  for (int i = -40; i < 0; ++i) updates.push_back(update("sensor", i * day, 100 + i));
  for (int i = 0; i < 5; ++i) updates.push_back(update("sensor", i, 100 + i));
  store_merged(*session, updates);
  HistoryQuery query{.device_id = "sensor", .limit = 1};
  query.known = {99, updates.back().status.timestamp};
  ASSERT_TRUE(session->history(query, {})) << "it looks for the partitions first";
  postgres::Connection holder(shared_postgres().url("postgres_test"));
  const postgres::Transaction transaction(holder);
  holder.run("LOCK TABLE device_history_20261101, device_history_20261126, device_history_default");
  const auto page = session->history(query, {});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->records, std::vector{updates.back().status});
  EXPECT_EQ(page->total_records, 99U);
}

// Of a long segment only the newest records are sent, and of those behind a full page none.
TEST_F(Postgres, reads_a_page_of_long_segments) {
  const auto session = open();
  ASSERT_TRUE(session->ensure_partitions(at(0)));
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 600; ++i) updates.push_back(update("sensor", i, 1'000 + i, i % 101));
  for (const int part : {0, 1, 2})
    store_merged(*session, {updates.begin() + part * 200, updates.begin() + (part + 1) * 200});
  for (const std::size_t limit : {1, 199, 200, 201, 399, 400, 599, 600}) {
    const auto page = session->history({.device_id = "sensor", .limit = limit}, {});
    ASSERT_EQ(page->records.size(), limit);
    for (std::size_t i = 0; i < limit; ++i)
      ASSERT_EQ(page->records[i], updates[599 - i].status) << i << " of " << limit;
    EXPECT_EQ(page->total_records, 600U);
    EXPECT_EQ(page->has_more, limit < 600);
  }
}

TEST_F(Postgres, reads_what_is_in_a_partition_that_was_made_or_dropped_since) {
  const auto reader = open(), writer = open();
  store_merged(*writer, {update("sensor", -400 * day, 1)});
  EXPECT_EQ(merged_history_of(*reader, "sensor").size(), 1U);
  ASSERT_TRUE(writer->ensure_partitions(at(0)));
  store_merged(*writer, {update("sensor", day, 2), update("sensor", -day, 3)});
  EXPECT_EQ(merged_history_of(*reader, "sensor").size(), 3U);
  while (writer->expire(at(10)).value().has_more) {
  }
  EXPECT_EQ(merged_history_of(*reader, "sensor").size(), 1U);
}

TEST_F(Postgres, goes_over_from_days_to_months) {
  ASSERT_TRUE(open()->ensure_partitions(at(0)));
  auto& monthly = reopen(PartitionSpan::month);
  const auto session = std::move(monthly.open().value());
  const auto kept = session->ensure_partitions(at(0));
  ASSERT_TRUE(kept) << kept.error().message;
  // November holds days already; December does not.
  store_merged(*session, {update("november", 0, 0), update("december", 86'400 * 20, 0)});
  EXPECT_EQ(count("device_history_20261124"), "1");
  EXPECT_EQ(count("device_history_202612"), "1");
}

TEST_F(Postgres, does_not_wait_long_for_a_lock_to_make_room) {
  const auto session = open();
  postgres::Connection holder(shared_postgres().url("postgres_test"));
  const postgres::Transaction transaction(holder);
  holder.run("LOCK TABLE device_history IN ACCESS EXCLUSIVE MODE");
  EXPECT_TRUE(session->ensure_partitions(at(0)));
}

TEST_F(Postgres, says_unavailable_when_its_backend_is_killed) {
  const auto session = open();
  ASSERT_TRUE(session->ping());
  shared_postgres().execute(
      "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ubietyd'");
  const auto ping = session->ping();
  ASSERT_FALSE(ping);
  EXPECT_EQ(ping.error().kind, StoreFailure::Kind::unavailable);
  const auto appended = try_to_append(*session, {update("sensor", 0, 0)});
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_FALSE(session->history({.device_id = "x", .limit = 1}, {}));
  EXPECT_TRUE(open()->ping());
}

TEST_F(Postgres, refuses_a_row_that_another_program_wrote_with_an_infinite_time) {
  shared_postgres().execute(
      "postgres_test",
      "INSERT INTO device_latest (device_id, \"timestamp\", battery_level, rssi, online, "
      "received_at, newest_timestamp) VALUES ('sensor', 'infinity', 50, -60, true, now(), now())");
  Loaded loaded_statuses;
  const auto loaded = open()->load(loaded_statuses);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, StoreFailure::Kind::rejected);
  EXPECT_THAT(loaded.error().message, HasSubstr("out of range"));
}

TEST_F(Postgres, sends_parameters_and_reads_rows) {
  postgres::Connection connection(shared_postgres().url("postgres_test"));
  const std::string text = "it's \"quoted\"; $1 \\ é";
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr Timestamp year_0000{-62'167'219'200'000'000};
  const auto rows = connection.query(
      "SELECT $1::text, $2::bigint, $3::boolean, $4::text, $5::timestamptz = '0001-01-01T00:00:00Z BC'"
      "UNION ALL SELECT '', 1, false, NULL, true",
      {text, least, true, std::optional<std::string>(), year_0000});
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].text(0), text);
  EXPECT_EQ(rows[0].number(1), least);
  EXPECT_TRUE(rows[0].boolean(2));
  EXPECT_TRUE(rows[0].is_null(3));
  EXPECT_TRUE(rows[0].boolean(4));
  EXPECT_EQ(rows[1].text(0), "");
  EXPECT_FALSE(rows[1].is_null(0));
  EXPECT_FALSE(rows[1].boolean(2));
  EXPECT_THROW(rows[0].number(0), postgres::BadRow);
  EXPECT_THROW(rows[0].number(3), postgres::BadRow);
}

TEST_F(Postgres, tells_the_state_of_a_statement_that_fails_and_goes_on) {
  postgres::Connection connection(shared_postgres().url("postgres_test"));
  try {
    connection.query("SELECT 1 / $1::integer", {0});
    FAIL() << "divided by zero";
  } catch (const postgres::SqlError& error) {
    EXPECT_EQ(error.state(), "22012");
  }
  EXPECT_EQ(connection.query("SELECT 1")[0].number(0), 1);
}

TEST_F(Postgres, never_commits_asynchronously) {
  shared_postgres().execute("postgres", "ALTER DATABASE postgres_test SET synchronous_commit = off");
  postgres::Connection connection(shared_postgres().url("postgres_test"));
  EXPECT_EQ(connection.query("SHOW synchronous_commit")[0].text(0), "on");
}

// Servers of their own: these settings are the whole server's.
class UnfitPostgres : public ::testing::Test {
 protected:
  UnfitPostgres() { server_.start(); }

  StoreFailure failure_with(const std::string& setting) {
    server_.execute("postgres", "ALTER SYSTEM SET " + setting);
    server_.restart();
    postgres::PostgresStore store(server_.url("postgres"), PartitionSpan::day);
    auto session = store.open();
    EXPECT_FALSE(session);
    EXPECT_FALSE(store.open_migrator());
    EXPECT_TRUE(wait_until([&] { return connections() == "0"; }, std::chrono::seconds(5)))
        << "a refused one stays open";
    return session ? StoreFailure{} : session.error();
  }

  std::string connections() {
    return server_.execute("postgres", "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ubietyd'")
        .value();
  }

  PostgresServer server_;
};

TEST_F(UnfitPostgres, is_refused_without_fsync) {
  const auto failure = failure_with("fsync = off");
  EXPECT_EQ(failure.kind, StoreFailure::Kind::rejected);
  EXPECT_THAT(failure.message, HasSubstr("fsync is off"));
}

TEST_F(UnfitPostgres, is_refused_without_full_page_writes) {
  const auto failure = failure_with("full_page_writes = off");
  EXPECT_EQ(failure.kind, StoreFailure::Kind::rejected);
  EXPECT_THAT(failure.message, HasSubstr("full_page_writes is off"));
}

TEST_F(UnfitPostgres, may_be_without_full_page_writes_where_that_is_allowed) {
  failure_with("full_page_writes = off");
  postgres::PostgresStore store(server_.url("postgres"), PartitionSpan::day, std::chrono::seconds(3), NewerThan{},
                                {.full_page_writes = false});
  EXPECT_TRUE(store.open());
  EXPECT_TRUE(store.open_migrator());
}

TEST_F(UnfitPostgres, is_noticed_when_it_becomes_so) {
  postgres::PostgresStore store(server_.url("postgres"), PartitionSpan::day);
  const auto session = std::move(store.open().value());
  ASSERT_TRUE(session->ping());
  const auto set = [&](const std::string& setting) {
    server_.execute("postgres", "ALTER SYSTEM SET " + setting);
    server_.execute("postgres", "SELECT pg_reload_conf()");
  };
  for (const std::string setting : {"fsync", "full_page_writes"}) {
    set(setting + " = off");
    EXPECT_TRUE(wait_until([&] { return !session->ping(); }, std::chrono::seconds(5))) << setting;
    const auto pinged = session->ping();
    ASSERT_FALSE(pinged);
    EXPECT_EQ(pinged.error().kind, StoreFailure::Kind::rejected);
    EXPECT_THAT(pinged.error().message, HasSubstr(setting + " is off"));
    set(setting + " = on");
    EXPECT_TRUE(wait_until([&] { return session->ping().ok(); }, std::chrono::seconds(5))) << setting;
  }
}

TEST(PostgresStore, says_when_no_connection_is_left) {
  const auto url = shared_postgres().create_database("crowded");
  shared_postgres().execute("crowded", "DROP ROLE IF EXISTS crowded");
  shared_postgres().execute("crowded", "CREATE ROLE crowded LOGIN CONNECTION LIMIT 1");
  postgres::PostgresStore store(
      "postgresql://crowded@127.0.0.1:" + std::to_string(shared_postgres().port()) + "/crowded", PartitionSpan::day);
  const auto first = store.open();
  ASSERT_TRUE(first) << first.error().message;
  const auto second = store.open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, StoreFailure::Kind::no_connection_left);
  EXPECT_THAT(second.error().message, HasSubstr("too many connections"));
  shared_postgres().execute("crowded", "ALTER ROLE crowded CONNECTION LIMIT -1");
  EXPECT_TRUE(store.open());
}

TEST_F(UnfitPostgres, is_waited_for_while_it_is_read_only) {
  const auto failure = failure_with("default_transaction_read_only = on");
  EXPECT_EQ(failure.kind, StoreFailure::Kind::unavailable);
  EXPECT_THAT(failure.message, HasSubstr("read-only"));
}

TEST(PostgresStore, says_unavailable_where_no_server_is) {
  postgres::PostgresStore store("postgresql://nobody@127.0.0.1:1/nothing", PartitionSpan::day);
  const auto session = store.open();
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_THAT(session.error().message, HasSubstr("refused"));
}

TEST(PartitionsAround, cover_yesterday_to_the_day_after_tomorrow) {
  const auto days = postgres::partitions_around(*parse_timestamp("2026-12-31T23:59:59Z"), PartitionSpan::day);
  ASSERT_EQ(days.size(), 4U);
  EXPECT_EQ(days[0].name, "device_history_20261230");
  EXPECT_EQ(days[2].name, "device_history_20270101");
  EXPECT_EQ(days[2].from, *parse_timestamp("2027-01-01T00:00:00Z"));
  for (std::size_t i = 1; i < days.size(); ++i) EXPECT_EQ(days[i - 1].to, days[i].from);
}

TEST(PartitionsAround, cover_months) {
  const auto months = postgres::partitions_around(*parse_timestamp("2026-12-31T23:59:59Z"), PartitionSpan::month);
  ASSERT_EQ(months.size(), 4U);
  EXPECT_EQ(months[0].name, "device_history_202611");
  EXPECT_EQ(months[3].name, "device_history_202702");
  EXPECT_EQ(months[3].to, *parse_timestamp("2027-03-01T00:00:00Z"));
}

// Connections stay, and nothing answers: libpq alone would wait for ever.
TEST(PostgresServerThatIsSilent, is_unavailable_within_the_limit) {
  PostgresServer server;
  server.start();
  constexpr std::chrono::seconds limit{1};
  postgres::PostgresStore store(server.url(), PartitionSpan::day, limit);
  EXPECT_TRUE((*store.open_migrator())->up());
  own(store);
  const auto session = std::move(store.open().value());
  const log::StreamId stream = new_stream();
  const auto before = update("before", 1, 1), late = update("meanwhile", 2, 2);
  expected(session->open_stream(stream));
  expected(session->append({stream, 1}, {&before}));
  server.pause();
  const auto paused = std::chrono::steady_clock::now();
  const auto appended = session->append({stream, 2}, {&late});
  const auto took = std::chrono::steady_clock::now() - paused;
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_THAT(appended.error().message, HasSubstr("did not answer within 1000 ms"));
  EXPECT_GE(took, limit);
  EXPECT_LE(took, time_limit(2 * limit));
  EXPECT_FALSE(store.open());

  server.resume();
  const auto next = expected(store.open());
  const auto last = expected(next->last_appended(stream));
  if (last < 2) expected(next->append({stream, 2}, {&late}));
  EXPECT_EQ(records_of(*next, "meanwhile").size(), 1U);
}

// Otherwise a store that is slower than the limit could never finish an append.
TEST_F(Postgres, gives_an_append_more_time_after_each_that_it_gave_up) {
  constexpr auto limit = std::chrono::milliseconds(200);
  auto& store = reopen(PartitionSpan::day, limit);
  const log::StreamId stream = new_stream();
  const auto waiting = update("slow", 1, 1);
  expected(expected(store.open())->open_stream(stream));
  const auto time_to_give_up = [&] {
    const auto session = expected(store.open());
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(session->append({stream, 1}, {&waiting}));
    return std::chrono::steady_clock::now() - begin;
  };
  {
    postgres::Connection other(shared_postgres().url("postgres_test"));
    other.run("BEGIN; LOCK TABLE update_log IN SHARE ROW EXCLUSIVE MODE");
    EXPECT_GE(time_to_give_up(), limit);
    EXPECT_GE(time_to_give_up(), 2 * limit);
    EXPECT_GE(time_to_give_up(), 4 * limit);
  }
  const auto next = expected(store.open());
  if (expected(next->last_appended(stream)) == 0) expected(next->append({stream, 1}, {&waiting}));
  EXPECT_EQ(records_of(*next, "slow").size(), 1U);
}

TEST(CommitLimit, grows_to_a_bound_and_is_the_least_again_after_a_success) {
  postgres::CommitLimit limit(std::chrono::milliseconds(100));
  for (int i = 0; i < 10; ++i) limit.note_timeout();
  EXPECT_EQ(limit.current(), std::chrono::milliseconds(1600));
  limit.note_success();
  EXPECT_EQ(limit.current(), std::chrono::milliseconds(100));
}

// The client gave the append up, and its backend still waits for a lock. What last_appended() returns holds for good.
TEST_F(Postgres, settles_an_append_that_it_gave_up) {
  auto& store = reopen(PartitionSpan::day, std::chrono::seconds(1));
  const log::StreamId stream = new_stream();
  const auto waiting = update("locked", 1, 1), other_values = update("locked", 1, 1, 51);
  std::int64_t last = 0;
  {
    const auto session = expected(store.open());
    expected(session->open_stream(stream));
    postgres::Connection other(shared_postgres().url("postgres_test"));
    other.run("BEGIN; LOCK TABLE update_log IN SHARE ROW EXCLUSIVE MODE");
    const auto appended = session->append({stream, 1}, {&waiting});
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().kind, StoreFailure::Kind::unavailable);
    last = expected(expected(store.open())->last_appended(stream));
  }
  const auto next = expected(store.open());
  if (last == 0) expected(next->append({stream, 1}, {&other_values}));
  EXPECT_EQ(records_of(*next, "locked").size(), 1U);
  EXPECT_EQ(expected(next->last_appended(stream)), 1);
}

// As long as a backend that the network cut off can still commit, nothing is settled.
TEST_F(Postgres, does_not_settle_an_append_while_its_transaction_is_open) {
  const auto session = open();
  const log::StreamId stream = new_stream();
  expected(session->open_stream(stream));
  postgres::Connection left(shared_postgres().url("postgres_test"));
  left.run("BEGIN");
  left.query("SELECT FROM node_stream WHERE id = $1 FOR SHARE", {stream});  // as an append begins
  auto settling = std::async(std::launch::async, [&] { return open()->last_appended(stream); });
  EXPECT_EQ(settling.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  left.run("COMMIT");
  EXPECT_EQ(expected(settling.get()), 0);
}

}  // namespace
}  // namespace ubiety::test
