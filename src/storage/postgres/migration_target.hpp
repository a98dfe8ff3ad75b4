// The schema of a PostgreSQL database, for the Migrator. One thread.
#pragma once

#include <pqxx/pqxx>

#include <string>
#include <vector>

#include "storage/migrations.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// libpqxx runs the scripts: they need neither COPY nor time limits. Only calls that versions 6 and 7 have in common are
// used, and none of those takes parameters.
class PostgresMigrationTarget final : public MigrationTarget {
 public:
  // Throws SqlError and UnfitServer like Connection.
  PostgresMigrationTarget(const std::string& url, Demands demands);

  const std::vector<Migration>& known() const override { return postgres_migrations(); }
  StoreResult<Done> lock() override;
  StoreResult<std::vector<AppliedMigration>> applied() override;
  StoreResult<Done> apply(const Migration& migration) override;
  StoreResult<Done> revert(const Migration& migration) override;

 private:
  pqxx::connection connection_;
};

}  // namespace ubiety::postgres
