#include "storage/sqlite/store.hpp"

#include "storage/sqlite/key_store.hpp"
#include "storage/sqlite/migration_target.hpp"
#include "storage/sqlite/session.hpp"

namespace ubiety::sqlite {

StoreResult<std::unique_ptr<Session>> SqliteStore::open() {
  return guarded(
      [&]() -> std::unique_ptr<Session> { return std::make_unique<SqliteSession>(path_, unmerged_, newer_than_); });
}

StoreResult<std::unique_ptr<Migrator>> SqliteStore::open_migrator() {
  return guarded([&] { return std::make_unique<Migrator>(std::make_unique<SqliteMigrationTarget>(path_)); });
}

StoreResult<std::unique_ptr<KeyStore>> SqliteStore::open_keys() {
  return guarded([&]() -> std::unique_ptr<KeyStore> { return std::make_unique<SqliteKeyStore>(path_); });
}

}  // namespace ubiety::sqlite
