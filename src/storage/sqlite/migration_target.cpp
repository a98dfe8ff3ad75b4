// The schema of an embedded store, for the Migrator.
#include <string>
#include <vector>

#include "storage/migrations.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/old_tables.hpp"
#include "storage/sqlite/store.hpp"

namespace ubiety::sqlite {
namespace {

constexpr const char* create_ledger = R"sql(
  CREATE TABLE IF NOT EXISTS schema_migrations (
    number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL
  ) STRICT)sql";

constexpr std::string_view find_ledger = "SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'";
constexpr std::string_view select_applied = "SELECT number, checksum FROM schema_migrations ORDER BY number";
constexpr std::string_view insert_applied = R"sql(
  INSERT INTO schema_migrations (number, name, checksum, applied_at)
  VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%fZ')))sql";
constexpr std::string_view delete_applied = "DELETE FROM schema_migrations WHERE number = ?1";

class SqliteMigrationTarget final : public MigrationTarget {
 public:
  // Throws Error.
  SqliteMigrationTarget(const std::string& path, NewerThan newer_than)
      : database_(connect(path)), old_tables_(database_, newer_than) {}

  const std::vector<Migration>& known() const override { return sqlite_migrations(); }
  StoreResult<Done> lock() override;
  StoreResult<std::vector<AppliedMigration>> applied() override;
  StoreResult<Done> apply(const Migration& migration) override;
  StoreResult<Done> revert(const Migration& migration) override;
  StoreResult<std::optional<std::string>> convert_step() override;
  StoreResult<bool> has_to_convert() override;

 private:
  Database database_;
  OldTables old_tables_;
};

}  // namespace

StoreResult<Done> SqliteMigrationTarget::lock() {
  return guarded([&] {
    // From the next transaction on, the connection has exclusive access to the file until it is closed.
    database_.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;");
    return Done{};
  });
}

StoreResult<std::vector<AppliedMigration>> SqliteMigrationTarget::applied() {
  return guarded([&] {
    std::vector<AppliedMigration> applied;
    Statement ledger(database_, find_ledger);
    const bool exists = ledger.next();
    ledger.reset();
    if (!exists) return applied;
    Statement rows(database_, select_applied);
    while (rows.next()) applied.push_back({static_cast<int>(rows.integer(0)), std::string(rows.text(1))});
    return applied;
  });
}

StoreResult<Done> SqliteMigrationTarget::apply(const Migration& migration) {
  return guarded([&] {
    Transaction transaction(database_);
    database_.execute(create_ledger);
    database_.execute(std::string(migration.up).c_str());
    Statement(database_, insert_applied)
        .bind(1, migration.number)
        .bind(2, migration.name)
        .bind(3, checksum_of(migration))
        .run();
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> SqliteMigrationTarget::revert(const Migration& migration) {
  return guarded([&] {
    add_json_functions(database_);
    Transaction transaction(database_);
    database_.execute(std::string(migration.down).c_str());
    Statement(database_, delete_applied).bind(1, migration.number).run();
    transaction.commit();
    return Done{};
  });
}

StoreResult<std::optional<std::string>> SqliteMigrationTarget::convert_step() {
  return guarded([&] { return old_tables_.convert_step(); });
}

StoreResult<bool> SqliteMigrationTarget::has_to_convert() {
  return guarded([&] { return old_tables_.exist(); });
}

std::unique_ptr<MigrationTarget> migration_target(const std::string& path, NewerThan newer_than) {
  return std::make_unique<SqliteMigrationTarget>(path, newer_than);
}

StoreResult<std::unique_ptr<Migrator>> SqliteStore::open_migrator() {
  return guarded([&] { return std::make_unique<Migrator>(migration_target(path_, newer_than_)); });
}

}  // namespace ubiety::sqlite
