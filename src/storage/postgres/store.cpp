#include "storage/postgres/store.hpp"

#include "storage/postgres/key_store.hpp"
#include "storage/postgres/migration_target.hpp"
#include "storage/postgres/session.hpp"

namespace ubiety::postgres {

StoreResult<std::unique_ptr<Session>> PostgresStore::open() {
  return guarded([&]() -> std::unique_ptr<Session> {
    return std::make_unique<PostgresSession>(url_, SessionOptions{demands_, partition_span_, call_limit_, newer_than_},
                                             watchdog_, abandoned_, epoch_, commit_limit_, partition_changes_);
  });
}

StoreResult<std::unique_ptr<Migrator>> PostgresStore::open_migrator() {
  return guarded([&] { return std::make_unique<Migrator>(std::make_unique<PostgresMigrationTarget>(url_, demands_)); });
}

StoreResult<std::unique_ptr<KeyStore>> PostgresStore::open_keys() {
  return guarded([&]() -> std::unique_ptr<KeyStore> {
    return std::make_unique<PostgresKeyStore>(url_, demands_, call_limit_, watchdog_);
  });
}

}  // namespace ubiety::postgres
