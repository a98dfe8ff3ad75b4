// The example of docs/MIGRATIONS.md, up and down on data, by the code that runs the service's own migrations.
#include <gmock/gmock.h>

#include <map>
#include <memory>

#include "storage/postgres/store.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/store.hpp"
#include "store_fixture.hpp"
#include "support/postgres_server.hpp"
#include "support/repository.hpp"

namespace ubiety::test {
namespace {

class ExampleMigration : public ::testing::TestWithParam<StoreKind> {
 protected:
  ExampleMigration() {
    if (is_sqlite()) {
      store_ = std::make_unique<sqlite::SqliteStore>(file_);
    } else {
      url_ = shared_postgres().create_database("example_migration");
      store_ = std::make_unique<postgres::PostgresStore>(url_, postgres::PartitionSpan::day);
    }
    EXPECT_TRUE((*store_->open_migrator())->up());
    own(*store_);
  }

  bool is_sqlite() const { return GetParam() == StoreKind::sqlite; }

  std::unique_ptr<Session> open_session() { return std::move(*store_->open()); }

  std::unique_ptr<MigrationTarget> open_target() const {
    if (is_sqlite()) return sqlite::migration_target(file_);
    return postgres::migration_target(url_, postgres::Demands{});
  }

  std::string script(const std::string& direction) const {
    const auto folder = repository() / "docs/examples/migrations";
    const auto text =
        read_file(folder / ((is_sqlite() ? "sqlite" : "postgres") + ("/0006_location." + direction + ".sql")));
    EXPECT_FALSE(text.empty());
    return text;
  }

  // The number that the query counts, or 0.
  int count(const std::string& where) const {
    const auto query = "SELECT count(*) FROM " + where;
    if (!is_sqlite()) return std::stoi(*shared_postgres().execute("example_migration", query));
    auto database = sqlite::connect(file_);
    sqlite::Statement rows(database, query);
    return rows.next() ? static_cast<int>(rows.integer(0)) : 0;
  }

  bool has_location() const {
    return count(is_sqlite()
                     ? "pragma_table_info('device_latest') WHERE name = 'location'"
                     : "pg_attribute WHERE attrelid = 'device_latest'::regclass AND attname = 'location' AND NOT "
                       "attisdropped") == 1;
  }

  void expect_unknown_locations(int devices) const {
    EXPECT_EQ(count("device_latest WHERE location <> 'unknown' OR location IS NULL"), 0);
    EXPECT_EQ(count("device_latest WHERE location = 'unknown'"), devices);
  }

  // What the store has, by device.
  struct Content {
    std::map<DeviceId, Status> latest;
    std::map<DeviceId, std::vector<Status>> records;

    bool operator==(const Content&) const = default;
  };
  Content content() {
    Content content;
    const auto session = open_session();
    for (const auto& latest : load(*session).latest) {
      const auto& [device_id, status] = latest.update;
      content.latest[device_id] = status;
      content.records[device_id] = records_of(*session, device_id);
    }
    return content;
  }

  Migration example() const { return {1000, "location", up_, down_}; }

  TemporaryDirectory folder_;
  const std::string file_ = folder_.path() / "store.db";
  std::string url_;
  std::unique_ptr<Store> store_;
  const std::string up_ = script("up"), down_ = script("down");
};
INSTANTIATE_TEST_SUITE_P(Stores, ExampleMigration, ::testing::Values(StoreKind::sqlite, StoreKind::postgresql),
                         name_of);

TEST_P(ExampleMigration, fills_the_rows_that_are_there_and_takes_only_the_column_back) {
  store_merged(*open_session(),
               {update("a", 0, 0), update("a", 60, 60), update("b", -40 * day, 70), update("c", 0, 80)});
  ASSERT_FALSE(has_location());

  const auto applied = open_target()->apply(example());
  ASSERT_TRUE(applied) << applied.error().message;
  expect_unknown_locations(3);
  EXPECT_EQ(count("schema_migrations WHERE number = 1000"), 1);

  // A node of the previous version goes on.
  const auto session = open_session();
  store_merged(*session, {update("a", 120, 120), update("d", 0, 130)});
  const std::vector<log::LatestStatus> written{{update("b", -40 * day, 70), at(-40 * day)}, {update("e", 0, 0), at(0)}};
  ASSERT_TRUE(session->write_latest(written));
  expect_unknown_locations(5);
  const auto with_location = content();
  EXPECT_EQ(with_location.records.at("a").size(), 3U);

  const auto reverted = open_target()->revert(example());
  ASSERT_TRUE(reverted) << reverted.error().message;
  EXPECT_FALSE(has_location());
  EXPECT_EQ(count("schema_migrations WHERE number = 1000"), 0);
  EXPECT_EQ(content(), with_location);

  ASSERT_TRUE(open_target()->apply(example())) << "up again";
  expect_unknown_locations(5);
  EXPECT_EQ(content(), with_location);
}

TEST_P(ExampleMigration, leaves_nothing_when_it_fails_half_way) {
  store_merged(*open_session(), {update("a", 0, 0)});
  const auto broken = up_ + "\nUPDATE device_latest SET no_such_column = 1;";
  EXPECT_FALSE(open_target()->apply({1000, "location", broken, down_}));
  EXPECT_FALSE(has_location());
  EXPECT_EQ(count("schema_migrations WHERE number = 1000"), 0);
  EXPECT_EQ(merged_history_of(*open_session(), "a").size(), 1U);
}

}  // namespace
}  // namespace ubiety::test
