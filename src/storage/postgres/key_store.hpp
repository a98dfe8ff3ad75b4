// The API keys in PostgreSQL; storage/key_store.hpp specifies the calls. One thread.
#pragma once

#include <chrono>
#include <string>

#include "storage/key_store.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

class PostgresKeyStore final : public KeyStore {
 public:
  // A call that takes longer than `call_limit` fails as "unavailable". The watchdog outlives this object. Throws
  // SqlError and UnfitServer.
  PostgresKeyStore(const std::string& url, Demands demands, std::chrono::milliseconds call_limit, Watchdog& watchdog)
      : connection_(url, &watchdog, demands), call_limit_(call_limit) {}

  StoreResult<std::int64_t> version() override;
  StoreResult<StoredKeys> all() override;
  StoreResult<ApiKey> add(const NewKey& key) override;
  StoreResult<std::optional<ApiKey>> revoke(KeyId id, Timestamp now) override;
  StoreResult<Rotated> rotate(const KeyRotation& rotation) override;
  StoreResult<Done> note_uses(std::span<const KeyUsed> uses) override;

 private:
  Connection connection_;
  const std::chrono::milliseconds call_limit_;
};

}  // namespace ubiety::postgres
