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

constexpr int days = 24 * 3600;

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
        read_file(folder / ((is_sqlite() ? "sqlite" : "postgres") + ("/0005_location." + direction + ".sql")));
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
                     ? "pragma_table_info('device_status') WHERE name = 'location'"
                     : "pg_attribute WHERE attrelid = 'device_status'::regclass AND attname = 'location' AND NOT "
                       "attisdropped") == 1;
  }

  void expect_only_unknown_locations() const {
    EXPECT_EQ(count("device_status WHERE location <> 'unknown' OR location IS NULL"), 0);
    EXPECT_GE(count("device_status WHERE location = 'unknown'"), 4);
  }

  std::map<std::string, std::vector<Status>> histories_of_all() {
    std::map<std::string, std::vector<Status>> histories;
    const auto session = open_session();
    for (const auto* device : {"a", "b", "c", "d"}) histories[device] = history_of(*session, device);
    return histories;
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
  const std::vector<StatusUpdate> before{update("a", 0, 0), update("a", 60, 60), update("b", -40 * days, 70),
                                         update("c", 2 * days, 80)};
  ASSERT_TRUE(open_session()->ensure_partitions(at(0)));  // the day's partitions
  commit_doubtful(*open_session(), before);               // straight into the table, in both stores
  ASSERT_FALSE(has_location());

  const auto applied = open_target()->apply(example());
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(count("device_status WHERE location = 'unknown'"), 4);
  EXPECT_EQ(count("schema_migrations WHERE number = 1000"), 1);

  // Nodes that do not know the column go on, in both lanes.
  const auto session = open_session();
  commit_fresh(*session, {update("a", 120, 120), update("d", 0, 130)});
  commit_doubtful(*session, {update("a", 30, 140), update("a", 0, 150)});
  expect_only_unknown_locations();
  auto histories = histories_of_all();
  EXPECT_EQ(histories["a"].size(), 4U);

  const auto reverted = open_target()->revert(example());
  ASSERT_TRUE(reverted) << reverted.error().message;
  EXPECT_FALSE(has_location());
  EXPECT_EQ(count("schema_migrations WHERE number = 1000"), 0);
  EXPECT_EQ(histories_of_all(), histories);

  ASSERT_TRUE(open_target()->apply(example())) << "up again";
  expect_only_unknown_locations();
  EXPECT_EQ(histories_of_all(), histories);
}

TEST_P(ExampleMigration, leaves_nothing_when_it_fails_half_way) {
  commit_fresh(*open_session(), {update("a", 0, 0)});
  const auto broken = up_ + "\nUPDATE device_status SET no_such_column = 1;";
  EXPECT_FALSE(open_target()->apply({1000, "location", broken, down_}));
  EXPECT_FALSE(has_location());
  EXPECT_EQ(count("schema_migrations WHERE number = 1000"), 0);
  EXPECT_EQ(history_of(*open_session(), "a").size(), 1U);
}

}  // namespace
}  // namespace ubiety::test
