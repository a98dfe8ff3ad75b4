// The conversion of a database from before migration 0005, and the way back.
#include "storage/sqlite/old_tables.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "storage/sqlite/store.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {
namespace {

constexpr std::size_t old_migrations = 4;

// 120 devices with 1,000 records each over 28 days, some at equal timestamps.
constexpr const char* insert_records = R"sql(
  INSERT OR IGNORE INTO device_status
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 119999)
  SELECT 'sensor-' || (i % 120), 1764000000000000 + (i / 240) * 4800000000 + (i % 7) * 1000, i % 101, -(i % 90),
    i % 2, 1764000000100000 + (i / 240) * 4800000000 + i FROM n)sql";

// Rows 1 and 2 of the log are merged; of row 3, what is before sensor-5; row 4 is not. Row 4 repeats a record.
constexpr const char* insert_log = R"sql(
  INSERT INTO update_log VALUES
    (1, 5, '[["sensor-1",10,50,-60,1,20]]', '[]'),
    (2, 5, '[["sensor-2",11,50,-60,1,21]]', '[["sensor-3",11,50,-60,0,21]]'),
    (3, 5, '[["sensor-1",12,50,-60,1,22],["sensor-7",12,50,-60,1,23]]', '[]'),
    (4, 5, '[["sensor-1",12,50,-60,1,31],["new \"one\"",1764990000000000,50,-60,1,1764990000000000]]', '[]');
  INSERT INTO device_status VALUES
    ('sensor-1', 10, 50, -60, 1, 20), ('sensor-2', 11, 50, -60, 1, 21), ('sensor-3', 11, 50, -60, 0, 21),
    ('sensor-1', 12, 50, -60, 1, 22);
  UPDATE update_log_progress SET merged_through = 2, merging_through = 3, merging_device = 'sensor-5';
  INSERT INTO device_latest VALUES ('sensor-1', 10, 1, -60, 1, 20), ('expired', 9, 1, -60, 1, 9);
  INSERT INTO checkpoint VALUES (1, 20);)sql";

using Record = std::tuple<std::string, std::int64_t, int, int, bool, std::int64_t>;
using Records = std::set<Record>;

class OldTablesTest : public ::testing::Test {
 protected:
  OldTablesTest() {
    const auto target = sqlite::migration_target(file_);
    for (std::size_t i = 0; i < old_migrations; ++i) EXPECT_TRUE(target->apply(sqlite_migrations()[i]));
    const auto database = sqlite::connect(file_);
    database.execute(insert_records);
    database.execute(insert_log);
    expected_ = rows();
    expected_.erase({"sensor-1", 12, 50, -60, true, 22});
    expected_.insert({"sensor-1", 12, 50, -60, true, 31});
    expected_.insert({"sensor-7", 12, 50, -60, true, 23});
    expected_.insert({"new \"one\"", 1764990000000000, 50, -60, true, 1764990000000000});
  }

  Records rows() {
    Records records;
    const auto database = sqlite::connect(file_);
    sqlite::Statement statement(
        database, "SELECT device_id, timestamp, battery_level, rssi, online, created_at FROM device_status");
    while (statement.next())
      records.insert({std::string(statement.text(0)), statement.integer(1), static_cast<int>(statement.integer(2)),
                      static_cast<int>(statement.integer(3)), statement.integer(4) != 0, statement.integer(5)});
    return records;
  }

  Records converted() {
    sqlite::SqliteStore store(file_);
    Records records;
    const auto read = std::move(store.open().value())->read_all({}, [&](StatusUpdate&& update) {
      const auto& status = update.status;
      records.insert({update.device_id, status.timestamp.microseconds, status.battery_level, status.rssi, status.online,
                      status.received.microseconds});
    });
    EXPECT_TRUE(read) << read.error().message;
    return records;
  }

  void migrate_up() {
    sqlite::SqliteStore store(file_);
    const auto migrated = (*store.open_migrator())->up();
    ASSERT_TRUE(migrated) << migrated.error().message;
  }

  // To before the conversion.
  void migrate_down() {
    sqlite::SqliteStore store(file_);
    const auto migrator = std::move(store.open_migrator().value());
    for (auto left = sqlite_migrations().size(); left > old_migrations; --left) {
      const auto reverted = migrator->down(**migrator->newest_applied());
      ASSERT_TRUE(reverted) << reverted.error().message;
    }
  }

  // All migrations, without the conversion.
  void apply_later_migrations() {
    const auto target = sqlite::migration_target(file_);
    for (auto next = old_migrations; next < sqlite_migrations().size(); ++next)
      ASSERT_TRUE(target->apply(sqlite_migrations()[next]));
  }

  TemporaryDirectory folder_ = TemporaryDirectory::in_memory();
  const std::string file_ = folder_.path() / "store.db";
  Records expected_;
};

// Compares without printing a quarter of a million records.
void expect_equal(const Records& left, const Records& right) {
  EXPECT_EQ(left.size(), right.size());
  EXPECT_TRUE(left == right);
}

TEST_F(OldTablesTest, are_converted_whole) {
  migrate_up();
  expect_equal(converted(), expected_);
  const auto database = sqlite::connect(file_);
  sqlite::Statement left(database, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'old_%'");
  ASSERT_TRUE(left.next());
  EXPECT_EQ(left.integer(0), 0);
  sqlite::Statement open(database, "SELECT count(*) FROM history_day WHERE state < 2");
  ASSERT_TRUE(open.next());
  EXPECT_EQ(open.integer(0), 0);
}

TEST_F(OldTablesTest, are_converted_over_restarts) {
  apply_later_migrations();
  int steps = 0;
  for (bool is_done = false; !is_done; ++steps) {
    const auto target = sqlite::migration_target(file_);
    EXPECT_TRUE(*target->has_to_convert());
    ASSERT_TRUE(target->lock());
    const auto step = target->convert_step();
    ASSERT_TRUE(step) << step.error().message;
    ASSERT_TRUE(*step);
    is_done = !*target->has_to_convert();
  }
  EXPECT_GE(steps, 4);
  EXPECT_FALSE(*(*sqlite::migration_target(file_)).convert_step());
  expect_equal(converted(), expected_);
}

TEST_F(OldTablesTest, come_back) {
  migrate_up();
  migrate_down();
  expect_equal(rows(), expected_);
}

TEST_F(OldTablesTest, come_back_when_the_conversion_was_interrupted) {
  apply_later_migrations();
  {
    const auto target = sqlite::migration_target(file_);
    ASSERT_TRUE(target->convert_step());
    ASSERT_TRUE(target->convert_step());
  }
  migrate_down();
  expect_equal(rows(), expected_);
  migrate_up();
  expect_equal(converted(), expected_);
}

TEST_F(OldTablesTest, yield_the_latest_statuses) {
  migrate_up();
  class Latest final : public LoadSink {
   public:
    void take_latest(log::LatestStatus&& one) override { all[one.update.device_id] = one; }
    void take_row(log::Row&&) override { ADD_FAILURE(); }
    void note_damage(log::Position, const std::string&) override { ADD_FAILURE(); }
    void note_damaged_latest(const std::string&) override { ADD_FAILURE(); }
    std::map<DeviceId, log::LatestStatus> all;
  } latest;
  sqlite::SqliteStore store(file_);
  ASSERT_TRUE(std::move(store.open().value())->load(latest));
  EXPECT_EQ(latest.all.size(), 122U);
  EXPECT_EQ(latest.all.at("expired").newest, Timestamp{9});
  EXPECT_EQ(latest.all.at("new \"one\"").newest, Timestamp{1764990000000000});
  const Record* newest = nullptr;
  for (const auto& record : expected_)
    if (std::get<0>(record) == "sensor-1" && (newest == nullptr || std::get<5>(record) > std::get<5>(*newest)))
      newest = &record;
  EXPECT_EQ(latest.all.at("sensor-1").update.status.received.microseconds, std::get<5>(*newest));
}

// The log becomes the old log, of which a start reads everything.
TEST_F(OldTablesTest, take_the_log_back_too) {
  migrate_up();
  {
    sqlite::SqliteStore store(file_);
    ASSERT_EQ(store.ownership().claim()->outcome, Claim::Outcome::owned);
    ASSERT_TRUE(store.ownership().take_over({}));
    const auto session = std::move(store.open().value());
    ASSERT_TRUE(session->open_stream(7));
    const StatusUpdate one{"late", {.timestamp = {77}, .received = {78}, .rssi = -1, .battery_level = 1}};
    ASSERT_TRUE(session->append({7, 1}, {&one}));
  }
  migrate_down();
  expected_.insert({"late", 77, 1, -1, false, 78});
  expect_equal(rows(), expected_);
  const auto database = sqlite::connect(file_);
  sqlite::Statement log(database, "SELECT settled ->> '$[0][0]', newest_received FROM update_log");
  ASSERT_TRUE(log.next());
  EXPECT_EQ(log.text(0), "late");
  EXPECT_EQ(log.integer(1), 78);
  EXPECT_FALSE(log.next());
}

}  // namespace
}  // namespace ubiety::test
