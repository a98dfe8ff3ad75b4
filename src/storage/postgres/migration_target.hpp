// The schema of a PostgreSQL database, for the Migrator. One thread.
#pragma once

#include <pqxx/pqxx>

#include <string>
#include <vector>

#include "storage/migrations.hpp"
#include "storage/postgres/demands.hpp"

namespace ubiety::postgres {

// Scripts and a few short values need no COPY and no time limit, so libpqxx runs them. Only those of its calls are used
// that are the same in versions 6 and 7: none of them takes parameters.
class PostgresMigrationTarget final : public MigrationTarget {
 public:
  // Throws SqlError and UnfitServer, as Connection does.
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
