// The schema's history: numbered SQL scripts, up and down, embedded from migrations/ when the binary is built.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/store.hpp"

namespace ubiety {

struct Migration {
  int number;
  std::string_view name;
  std::string_view up;
  std::string_view down;
};

// In ascending order of their numbers.
const std::vector<Migration>& postgres_migrations();
const std::vector<Migration>& sqlite_migrations();

// SHA-256 of the up script in hexadecimal: an applied migration must not change afterwards.
std::string checksum_of(const Migration& migration);

struct AppliedMigration {
  int number;
  std::string checksum;
};

// What one database does for a migration. One thread.
class MigrationTarget {
 public:
  virtual ~MigrationTarget() = default;

  virtual const std::vector<Migration>& known() const = 0;
  // Keeps other migrators out until this object goes.
  virtual StoreResult<Done> lock() = 0;
  virtual StoreResult<std::vector<AppliedMigration>> applied() = 0;
  // Runs the script and notes it in one transaction.
  virtual StoreResult<Done> apply(const Migration& migration) = 0;
  virtual StoreResult<Done> revert(const Migration& migration) = 0;
};

struct MigrationState {
  int number;
  std::string_view name;
  bool applied;
};

// Moves a database between the versions of its schema. One thread.
class Migrator {
 public:
  explicit Migrator(std::unique_ptr<MigrationTarget> target) : target_(std::move(target)) {}

  // Applies whatever is not applied yet; gives how many those were.
  StoreResult<int> up();
  // What down() would take back; nullopt when no migration is applied.
  StoreResult<std::optional<Migration>> newest_applied();
  // Takes back `newest`. Rejected when another migrator has changed the schema since newest_applied() named it.
  StoreResult<Done> down(const Migration& newest);
  StoreResult<std::vector<MigrationState>> status();

 private:
  // Applied migrations are the first of the known ones, unchanged: gives how many.
  StoreResult<std::size_t> applied_count();

  std::unique_ptr<MigrationTarget> target_;
};

}  // namespace ubiety
