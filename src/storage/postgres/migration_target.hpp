// The schema of a PostgreSQL database, for the Migrator.
#pragma once

#include <string>
#include <vector>

#include "storage/migrations.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

class PostgresMigrationTarget final : public MigrationTarget {
 public:
  // Throws pqxx::failure.
  explicit PostgresMigrationTarget(const std::string& url) : connection_(url) {}

  const std::vector<Migration>& known() const override { return postgres_migrations(); }
  StoreResult<Done> lock() override;
  StoreResult<std::vector<AppliedMigration>> applied() override;
  StoreResult<Done> apply(const Migration& migration) override;
  StoreResult<Done> revert(const Migration& migration) override;

 private:
  Connection connection_;
};

}  // namespace ubiety::postgres
