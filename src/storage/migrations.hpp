// The schema's versions: numbered SQL scripts, up and down, which the build embeds from migrations/.
#pragma once

#include <cstdint>
#include <functional>
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

// SHA-256 of the up script in hexadecimal, by which a change of an applied migration is noticed. Any thread.
std::string checksum_of(const Migration& migration);

struct AppliedMigration {
  int number;
  std::string checksum;
};

// What a Migrator needs from a database. One thread.
class MigrationTarget {
 public:
  virtual ~MigrationTarget() = default;

  virtual const std::vector<Migration>& known() const = 0;
  // Keeps other migrators out until this object is destroyed.
  virtual StoreResult<Done> lock() = 0;
  virtual StoreResult<std::vector<AppliedMigration>> applied() = 0;
  // Each runs a script, and records that, in one transaction.
  virtual StoreResult<Done> apply(const Migration& migration) = 0;
  virtual StoreResult<Done> revert(const Migration& migration) = 0;

  // Some migrations only create tables, and data follows in pieces, each in a transaction of its own: a long conversion
  // that is interrupted goes on where it was. Moves the next piece, if any is left. Returns what was moved and what is
  // left, for a person; nullopt if nothing was left. Call it only when all migrations are applied.
  virtual StoreResult<std::optional<std::string>> convert_step() = 0;
  // Whether data is left to be converted. Any number of migrations may be applied.
  virtual StoreResult<bool> has_to_convert() = 0;
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

  using ReportProgress = std::function<void(const std::string& progress)>;

  // Applies all migrations that are not applied yet, and converts the data. Returns the number of migrations.
  StoreResult<int> up(const ReportProgress& report = [](const std::string&) {});
  // Whether up() has nothing to do.
  StoreResult<bool> is_up_to_date();
  // The migration that down() would revert; nullopt if none is applied.
  StoreResult<std::optional<Migration>> newest_applied();
  // Reverts `newest`. Rejected if another migrator has changed the schema since newest_applied() returned it.
  StoreResult<Done> down(const Migration& newest);
  StoreResult<std::vector<MigrationState>> status();

 private:
  // The number of applied migrations. Rejected unless they are the first of the known ones, unchanged.
  StoreResult<std::size_t> applied_count();
  StoreResult<Done> convert(const ReportProgress& report);

  std::unique_ptr<MigrationTarget> target_;
};

}  // namespace ubiety
