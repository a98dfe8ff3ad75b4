// The schema of a PostgreSQL database, for the Migrator.
#include <pqxx/pqxx>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/migrations.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/conversion.hpp"
#include "storage/postgres/store.hpp"

namespace ubiety::postgres {
namespace {

// The key is that of docs/FORMATS.md. Only the session that holds the lock migrates.
constexpr const char* take_lock = "SELECT pg_advisory_lock(7563189120)";

// Device ids are any Unicode text, and are compared by their bytes.
constexpr const char* check_encoding = "SELECT current_setting('server_encoding')";

constexpr const char* create_ledger = R"sql(
  CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
  ))sql";

constexpr const char* find_rows_to_convert = "SELECT to_regclass('device_status_rows') IS NOT NULL";

constexpr const char* find_ledger = "SELECT to_regclass('schema_migrations') IS NOT NULL";
constexpr const char* select_applied = "SELECT number, checksum FROM schema_migrations ORDER BY number";

// libpqxx 6 and 7 have no call with parameters in common, so these two statements quote their values.
std::string insert_applied(const pqxx::work& transaction, const Migration& migration) {
  return "INSERT INTO schema_migrations (number, name, checksum) VALUES (" + transaction.quote(migration.number) +
         ", " + transaction.quote(std::string(migration.name)) + ", " + transaction.quote(checksum_of(migration)) + ")";
}

std::string delete_applied(const pqxx::work& transaction, const Migration& migration) {
  return "DELETE FROM schema_migrations WHERE number = " + transaction.quote(migration.number);
}

// Returns what `action` returns, and rethrows libpqxx's exceptions as SqlError.
template <class Action>
auto translated(Action action) {
  try {
    return action();
  } catch (const pqxx::sql_error& error) {
    throw SqlError(error.sqlstate(), error.what());
  } catch (const pqxx::failure& error) {
    throw SqlError("", error.what());
  }
}

template <class Action>
auto guarded_and_translated(Action action) {
  return guarded([&] { return translated(action); });
}

// Returns the connection string, after a Connection has accepted the server.
std::string fit(const std::string& url, Demands demands) {
  Connection connection(url, nullptr, demands);
  connection.expect_session(url);
  return connection_string(url);
}

// libpqxx runs the scripts: they need neither COPY nor time limits. A Conversion has a connection of its own. Only
// calls that versions 6 and 7 have in common are used, and none of those takes parameters.
class PostgresMigrationTarget final : public MigrationTarget {
 public:
  // Throws SqlError and UnfitServer like Connection.
  PostgresMigrationTarget(const std::string& url, Demands demands, NewerThan newer_than);

  const std::vector<Migration>& known() const override { return postgres_migrations(); }
  StoreResult<Done> lock() override;
  StoreResult<std::vector<AppliedMigration>> applied() override;
  StoreResult<Done> apply(const Migration& migration) override;
  StoreResult<Done> revert(const Migration& migration) override;
  StoreResult<std::optional<std::string>> convert_step() override;
  StoreResult<bool> has_to_convert() override;

 private:
  const std::string url_;
  const Demands demands_;
  const NewerThan newer_than_;
  pqxx::connection connection_;
  std::unique_ptr<Conversion> conversion_;
};

}  // namespace

PostgresMigrationTarget::PostgresMigrationTarget(const std::string& url, Demands demands, NewerThan newer_than)
    : url_(url),
      demands_(demands),
      newer_than_(newer_than),
      connection_(translated([&] { return pqxx::connection(fit(url, demands)); })) {
  translated([&] { return pqxx::nontransaction(connection_).exec(session_settings); });
}

StoreResult<Done> PostgresMigrationTarget::lock() {
  return guarded_and_translated([&] {
    pqxx::nontransaction transaction(connection_);
    if (transaction.exec(check_encoding)[0][0].as<std::string>() != "UTF8")
      throw SqlError("22021", "the database's encoding must be UTF8");
    transaction.exec(take_lock);
    return Done{};
  });
}

StoreResult<std::vector<AppliedMigration>> PostgresMigrationTarget::applied() {
  return guarded_and_translated([&] {
    std::vector<AppliedMigration> applied;
    pqxx::read_transaction transaction(connection_);
    if (!transaction.exec(find_ledger)[0][0].as<bool>()) return applied;
    for (const auto& row : transaction.exec(select_applied))
      applied.push_back({row[0].as<int>(), row[1].as<std::string>()});
    return applied;
  });
}

StoreResult<Done> PostgresMigrationTarget::apply(const Migration& migration) {
  return guarded_and_translated([&] {
    pqxx::work transaction(connection_);
    transaction.exec(create_ledger);
    transaction.exec(std::string(migration.up));
    transaction.exec(insert_applied(transaction, migration));
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> PostgresMigrationTarget::revert(const Migration& migration) {
  return guarded_and_translated([&] {
    pqxx::work transaction(connection_);
    transaction.exec(std::string(migration.down));
    transaction.exec(delete_applied(transaction, migration));
    transaction.commit();
    return Done{};
  });
}

StoreResult<std::optional<std::string>> PostgresMigrationTarget::convert_step() {
  return guarded([&] {
    if (!conversion_) conversion_ = std::make_unique<Conversion>(url_, demands_, newer_than_);
    return conversion_->step();
  });
}

StoreResult<bool> PostgresMigrationTarget::has_to_convert() {
  return guarded_and_translated([&] {
    pqxx::read_transaction transaction(connection_);
    return transaction.exec(find_rows_to_convert)[0][0].as<bool>();
  });
}

std::unique_ptr<MigrationTarget> migration_target(const std::string& url, Demands demands, NewerThan newer_than) {
  return std::make_unique<PostgresMigrationTarget>(url, demands, newer_than);
}

StoreResult<std::unique_ptr<Migrator>> PostgresStore::open_migrator() {
  return guarded([&] {
    return std::make_unique<Migrator>(migration_target(context_.url, context_.demands, context_.newer_than));
  });
}

}  // namespace ubiety::postgres
