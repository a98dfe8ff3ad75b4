// The conversion of a database with a row for each update (up to migration 4), and the way back.
#include <gtest/gtest.h>

#include <string>

#include "storage/postgres/store.hpp"
#include "store_fixture.hpp"
#include "support/postgres_server.hpp"

namespace ubiety::test {
namespace {

constexpr std::size_t old_migrations = 4;
constexpr const char* database = "conversion_test";

// Days with and without partitions, times of whole seconds, of milliseconds and of microseconds, values that differ at
// one time, late receipts, and clocks that are far off.
constexpr const char* insert_rows = R"sql(
  SELECT make_device_status_partition('device_status_20261124', '2026-11-24Z', '2026-11-25Z'),
         make_device_status_partition('device_status_20261125', '2026-11-25Z', '2026-11-26Z'),
         make_device_status_partition('device_status_202612', '2026-12-01Z', '2027-01-01Z');
  INSERT INTO device_status
  SELECT 'sensor-' || i % 40, time, i % 101, -(i % 90), i % 3 = 0, time + (i % 50) * interval '3 hours 7 us'
  FROM generate_series(1, 60000) AS i,
       LATERAL (SELECT '2026-11-23T22:00Z'::timestamptz + i * interval '11 seconds'
                       + (i % 4 / 2) * (i % 3) * interval '1 ms' + (i % 40 / 39) * interval '1 us' AS time) AS times;
  INSERT INTO device_status
  SELECT 'sensor-1', '2026-11-24T01:00Z', i, -i, true, '2026-11-24T02:00Z' FROM generate_series(0, 100) AS i;
  INSERT INTO device_status VALUES
    ('ancient', '0001-01-01Z BC', 1, -1, true, '2026-11-24Z'), ('late', '9999-12-31T23:59:59.999999Z', 1, -1, true, '2026-11-24Z'),
    ('sensor-2', '1970-01-01Z', 1, -1, false, '2026-11-24Z'), ('new', '2026-11-30Z', 1, -1, false, '2026-11-30Z');
  INSERT INTO device_latest
  SELECT DISTINCT ON (device_id) device_id, timestamp, battery_level, rssi, online, created_at
  FROM device_status WHERE created_at < '2026-11-26Z'
  ORDER BY device_id, least(timestamp, created_at + interval '300 s') DESC, created_at DESC, timestamp DESC,
           battery_level DESC, rssi DESC, online DESC;
  INSERT INTO device_latest VALUES ('expired', '2025-01-01Z', 1, -1, true, '2025-01-01Z');
  INSERT INTO checkpoint (watermark) VALUES ('2026-11-26Z');
  CREATE TABLE expected AS SELECT * FROM device_status;
)sql";

// The latest statuses as they have to be.
constexpr const char* expected_latest = R"sql(
  SELECT * FROM (
    SELECT DISTINCT ON (device_id) device_id, timestamp, battery_level, rssi, online, created_at,
           max(timestamp) OVER (PARTITION BY device_id) AS newest
    FROM expected
    ORDER BY device_id, least(timestamp, created_at + interval '300 s') DESC, created_at DESC, timestamp DESC,
             battery_level DESC, rssi DESC, online DESC) AS of_rows
  UNION ALL VALUES ('expired', '2025-01-01Z'::timestamptz, 1, -1, true, '2025-01-01Z'::timestamptz,
                    '2025-01-01Z'::timestamptz))sql";

class PostgresConversion : public ::testing::Test {
 protected:
  PostgresConversion() {
    const auto target = open_target();
    for (std::size_t i = 0; i < old_migrations; ++i) expected(target->apply(postgres_migrations()[i]));
    execute(insert_rows);
  }

  std::unique_ptr<MigrationTarget> open_target() const { return postgres::migration_target(url_, {}); }

  // All migrations, without the conversion.
  void apply_later_migrations() const {
    const auto target = open_target();
    for (auto next = old_migrations; next < postgres_migrations().size(); ++next)
      expected(target->apply(postgres_migrations()[next]));
  }
  // To before the conversion.
  void revert_later_migrations() const {
    const auto target = open_target();
    for (auto next = postgres_migrations().size(); next-- > old_migrations;)
      expected(target->revert(postgres_migrations()[next]));
  }

  static std::string execute(const std::string& sql) { return shared_postgres().execute(database, sql).value_or(""); }

  // How many records the view and the rows from before do not have in common.
  static std::string differences() {
    const std::string view = "SELECT device_id, timestamp, battery_level, rssi, online, created_at FROM device_status";
    const std::string rows = "SELECT * FROM expected";
    return execute("SELECT (SELECT count(*) FROM (" + rows + " EXCEPT ALL " + view +
                   ") AS missing) || ' missing, ' || " + "(SELECT count(*) FROM (" + view + " EXCEPT ALL " + rows +
                   ") AS too_many) || ' too many'");
  }

  static std::string differing_latest() {
    const std::string stored =
        "SELECT device_id, timestamp, battery_level, rssi, online, received_at, newest_timestamp FROM device_latest";
    return execute("SELECT count(*) FROM ((" + stored + " EXCEPT ALL (" + expected_latest + ")) UNION ALL ((" +
                   expected_latest + ") EXCEPT ALL " + stored + ")) AS differing");
  }

  static bool has_table(const std::string& name) {
    return execute("SELECT to_regclass('" + name + "') IS NOT NULL") == "t";
  }

  const std::string url_ = shared_postgres().create_database(database);
  postgres::PostgresStore store_{url_, postgres::PartitionSpan::day};
};

TEST_F(PostgresConversion, keeps_every_record_and_the_latest_statuses) {
  EXPECT_FALSE(expected(expected(store_.open_migrator())->is_up_to_date()));
  expected(expected(store_.open_migrator())->up());
  EXPECT_EQ(differences(), "0 missing, 0 too many");
  EXPECT_EQ(differing_latest(), "0");
  EXPECT_FALSE(has_table("device_status_rows"));
  EXPECT_FALSE(has_table("checkpoint"));
  EXPECT_TRUE(has_table("device_history_20261124_closed"));
  EXPECT_EQ(execute("SELECT count(*) > 0 FROM device_history_202612"), "t");
  EXPECT_EQ(execute("SELECT count(*) > 0 FROM device_history_default"), "t");
  EXPECT_TRUE(expected(expected(store_.open_migrator())->is_up_to_date()));
}

TEST_F(PostgresConversion, goes_on_where_it_was_interrupted) {
  apply_later_migrations();
  int steps = 0;
  while (expected(open_target()->convert_step())) ++steps;
  EXPECT_GT(steps, 10);
  EXPECT_EQ(differences(), "0 missing, 0 too many");
  EXPECT_EQ(differing_latest(), "0");
}

TEST_F(PostgresConversion, is_reverted_with_what_came_since) {
  expected(expected(store_.open_migrator())->up());
  own(store_);
  {
    const auto session = expected(store_.open());
    store_merged(*session, {update("merged", 1, 1)});
    append(*session, {update("logged", 2, 2)});
  }
  execute(
      "INSERT INTO expected VALUES ('merged', '2026-11-24T00:00:01Z', 50, -60, true, '2026-11-24T00:00:01Z'), "
      "('logged', '2026-11-24T00:00:02Z', 50, -60, true, '2026-11-24T00:00:02Z')");
  EXPECT_EQ(differences(), "0 missing, 0 too many");
  revert_later_migrations();
  EXPECT_EQ(differences(), "0 missing, 0 too many");
  EXPECT_TRUE(has_table("device_status_20261124"));
  EXPECT_TRUE(has_table("device_status_202612"));
  EXPECT_EQ(execute("SELECT count(*) FROM checkpoint"), "0") << "a start reads the whole history";
  expected(expected(store_.open_migrator())->up());
  EXPECT_EQ(differences(), "0 missing, 0 too many");
  EXPECT_EQ(differing_latest(), "0");
}

TEST_F(PostgresConversion, is_reverted_when_it_is_not_complete) {
  apply_later_migrations();
  const auto target = open_target();
  for (int steps = 0; steps < 4; ++steps) expected(target->convert_step());
  revert_later_migrations();
  EXPECT_EQ(differences(), "0 missing, 0 too many");
  expected(expected(store_.open_migrator())->up());
  EXPECT_EQ(differences(), "0 missing, 0 too many");
  EXPECT_EQ(differing_latest(), "0");
}

TEST_F(PostgresConversion, serves_the_same_histories) {
  expected(expected(store_.open_migrator())->up());
  const auto session = expected(store_.open());
  const auto page = expected(session->history({.device_id = "sensor-1", .limit = 1000}, {}));
  EXPECT_EQ(std::to_string(page.total_records), execute("SELECT count(*) FROM expected WHERE device_id = 'sensor-1'"));
  EXPECT_EQ(page.records.front().timestamp.microseconds,
            std::stoll(execute("SELECT (extract(epoch FROM max(timestamp)) * 1000000)::bigint FROM expected "
                               "WHERE device_id = 'sensor-1'")));
}

TEST_F(PostgresConversion, has_a_function_that_reads_a_span) {
  expected(expected(store_.open_migrator())->up());
  EXPECT_EQ(
      execute("SELECT count(*) FROM (SELECT * FROM device_status_between('2026-11-24T03:00Z', '2026-11-26T05:00Z') "
              "EXCEPT ALL SELECT * FROM expected WHERE timestamp >= '2026-11-24T03:00Z' "
              "AND timestamp < '2026-11-26T05:00Z') AS too_many"),
      "0");
  EXPECT_EQ(execute("SELECT count(*) FROM device_status_between('2026-11-24T03:00Z', '2026-11-26T05:00Z')"),
            execute("SELECT count(*) FROM expected WHERE timestamp >= '2026-11-24T03:00Z' "
                    "AND timestamp < '2026-11-26T05:00Z'"));
}

}  // namespace
}  // namespace ubiety::test
