// The API keys in SQLite; storage/key_store.hpp specifies the calls. One thread.
#pragma once

#include <string>

#include "storage/key_store.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

class SqliteKeyStore final : public KeyStore {
 public:
  // Throws Error.
  explicit SqliteKeyStore(const std::string& path) : database_(connect_to_existing(path)) {}

  StoreResult<std::int64_t> version() override;
  StoreResult<StoredKeys> all() override;
  StoreResult<ApiKey> add(const NewKey& key) override;
  StoreResult<std::optional<ApiKey>> revoke(KeyId id, Timestamp now) override;
  StoreResult<Rotated> rotate(const KeyRotation& rotation) override;
  StoreResult<Done> note_uses(std::span<const KeyUsed> uses) override;

 private:
  Database database_;
};

}  // namespace ubiety::sqlite
