// The schema of an embedded store, for the Migrator. One thread.
#pragma once

#include <optional>
#include <string>

#include "storage/migrations.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

class SqliteMigrationTarget final : public MigrationTarget {
 public:
  // Throws Error.
  explicit SqliteMigrationTarget(const std::string& path) : database_(connect(path)) {}

  const std::vector<Migration>& known() const override { return sqlite_migrations(); }
  StoreResult<Done> lock() override;
  StoreResult<std::vector<AppliedMigration>> applied() override;
  StoreResult<Done> apply(const Migration& migration) override;
  StoreResult<Done> revert(const Migration& migration) override;

 private:
  Database database_;
};

}  // namespace ubiety::sqlite
