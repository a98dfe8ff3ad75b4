#include "storage/postgres/migration_target.hpp"

namespace ubiety::postgres {
namespace {

// Any number will do, as long as it is always the same: the session that holds it migrates.
constexpr const char* take_lock = "SELECT pg_advisory_lock(7563189120)";

// Texts are compared by their bytes, and device ids are any Unicode text.
constexpr const char* check_encoding = "SELECT current_setting('server_encoding')";

constexpr const char* create_ledger = R"sql(
  CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
  ))sql";

constexpr const char* find_ledger = "SELECT to_regclass('schema_migrations') IS NOT NULL";
constexpr const char* select_applied = "SELECT number, checksum FROM schema_migrations ORDER BY number";
constexpr const char* insert_applied = "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)";
constexpr const char* delete_applied = "DELETE FROM schema_migrations WHERE number = $1";

}  // namespace

StoreResult<Done> PostgresMigrationTarget::lock() {
  return guarded([&] {
    pqxx::nontransaction transaction(connection_);
    if (transaction.exec1(check_encoding)[0].as<std::string>() != "UTF8")
      throw SqlError("22021", "the database's encoding has to be UTF8");
    transaction.exec(take_lock);
    return Done{};
  });
}

StoreResult<std::vector<AppliedMigration>> PostgresMigrationTarget::applied() {
  return guarded([&] {
    std::vector<AppliedMigration> applied;
    pqxx::read_transaction transaction(connection_);
    if (!transaction.exec1(find_ledger)[0].as<bool>()) return applied;
    for (const auto& row : transaction.exec(select_applied))
      applied.push_back({row[0].as<int>(), row[1].as<std::string>()});
    return applied;
  });
}

StoreResult<Done> PostgresMigrationTarget::apply(const Migration& migration) {
  return guarded([&] {
    pqxx::work transaction(connection_);
    transaction.exec(create_ledger);
    transaction.exec(std::string(migration.up));
    transaction.exec_params(insert_applied, migration.number, std::string(migration.name), checksum_of(migration));
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> PostgresMigrationTarget::revert(const Migration& migration) {
  return guarded([&] {
    pqxx::work transaction(connection_);
    transaction.exec(std::string(migration.down));
    transaction.exec_params(delete_applied, migration.number);
    transaction.commit();
    return Done{};
  });
}

}  // namespace ubiety::postgres
