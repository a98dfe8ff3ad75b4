#include "storage/migrations.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "storage/postgres/store.hpp"
#include "store_fixture.hpp"
#include "support/postgres_server.hpp"

namespace ubiety::test {
namespace {

class Migrations : public EachStore {
 protected:
  static std::size_t applied(Migrator& migrator) {
    const auto states = migrator.status();
    EXPECT_TRUE(states) << states.error().message;
    return static_cast<std::size_t>(
        std::count_if(states->begin(), states->end(), [](const MigrationState& state) { return state.applied; }));
  }

  const std::vector<Migration>& known() const {
    return kind_ == StoreKind::sqlite ? sqlite_migrations() : postgres_migrations();
  }
};
UBIETY_WITH_EACH_STORE(Migrations);

TEST_P(Migrations, are_all_to_be_applied_to_an_empty_database) {
  EXPECT_EQ(applied(*open_migrator()), 0U);
  EXPECT_FALSE(known().empty());
  EXPECT_FALSE(known().front().name.empty());
}

TEST_P(Migrations, go_up_and_down_and_up_again) {
  const auto all = static_cast<int>(known().size());
  EXPECT_EQ(open_migrator()->up().value(), all);
  EXPECT_EQ(open_migrator()->up().value(), 0);
  EXPECT_EQ(applied(*open_migrator()), known().size());
  for (int left = all; left > 0; --left) {
    EXPECT_EQ(open_migrator()->newest_applied().value()->number, known()[static_cast<std::size_t>(left) - 1].number);
    EXPECT_TRUE(migrate_down(*store_));
  }
  EXPECT_FALSE(migrate_down(*store_));
  EXPECT_EQ(applied(*open_migrator()), 0U);
  append(*open_session(), {update("sensor", 0, 0)});
}

TEST_P(Migrations, down_takes_the_data_with_it) {
  append(*open_session(), {update("sensor", 0, 0)});
  store_ = open_beside();  // an owner keeps the file open
  while (migrate_down(*store_)) continue;
  EXPECT_TRUE(records_of(*open_session(), "sensor").empty());
}

TEST_P(Migrations, are_not_taken_back_when_another_migrator_was_quicker) {
  ASSERT_TRUE(open_migrator()->up());
  const auto newest = open_migrator()->newest_applied().value();
  ASSERT_TRUE(migrate_down(*store_));
  const auto again = open_migrator()->down(*newest);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, StoreFailure::Kind::rejected);
  EXPECT_EQ(applied(*open_migrator()), known().size() - 1) << "one was taken back, and no more";
}

TEST_P(Migrations, wait_for_no_lock_when_all_are_applied) {
  const auto in_use = open_session();
  append(*in_use, {update("sensor", 0, 0)});
  EXPECT_EQ(open_migrator()->up().value(), 0);
}

TEST(PostgresMigrations, refuse_a_database_that_is_not_utf8) {
  shared_postgres().execute("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  postgres::PostgresStore store(shared_postgres().url("latin"), postgres::PartitionSpan::day);
  auto migrator = store.open_migrator();
  ASSERT_TRUE(migrator);
  const auto migrated = (*migrator)->up();
  ASSERT_FALSE(migrated);
  EXPECT_THAT(migrated.error().message, ::testing::HasSubstr("UTF8"));
}

TEST(PostgresMigrations, refuse_a_schema_that_is_newer_or_changed) {
  postgres::PostgresStore store(shared_postgres().create_database("newer"), postgres::PartitionSpan::day);
  ASSERT_TRUE((*store.open_migrator())->up());
  shared_postgres().execute("newer", "INSERT INTO schema_migrations VALUES (9999, 'from_the_future', '')");
  const auto newer = (*store.open_migrator())->status();
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().kind, StoreFailure::Kind::rejected);
  EXPECT_THAT(newer.error().message, ::testing::HasSubstr("newer than this binary"));

  shared_postgres().execute("newer", "DELETE FROM schema_migrations WHERE number = 9999");
  shared_postgres().execute("newer", "UPDATE schema_migrations SET checksum = 'other'");
  const auto changed = (*store.open_migrator())->status();
  ASSERT_FALSE(changed);
  EXPECT_THAT(changed.error().message, ::testing::HasSubstr("has changed"));
}

}  // namespace
}  // namespace ubiety::test
