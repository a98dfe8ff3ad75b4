// The API keys in PostgreSQL; storage/key_store.hpp specifies the calls.
#include <algorithm>
#include <chrono>

#include "domain/text.hpp"
#include "storage/key_store.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/store.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* select_version = "SELECT version FROM api_keys_version";

constexpr const char* select_all = R"sql(
  SELECT id, key_name, encode(key_hash, 'hex'), key_prefix, scopes, is_active, replaces,
         (extract(epoch FROM created_at) * 1000000)::bigint, (extract(epoch FROM expires_at) * 1000000)::bigint,
         (extract(epoch FROM revoked_at) * 1000000)::bigint, (extract(epoch FROM last_used_at) * 1000000)::bigint
  FROM api_keys
  ORDER BY id)sql";

constexpr const char* select_one = R"sql(
  SELECT id, key_name, encode(key_hash, 'hex'), key_prefix, scopes, is_active, replaces,
         (extract(epoch FROM created_at) * 1000000)::bigint, (extract(epoch FROM expires_at) * 1000000)::bigint,
         (extract(epoch FROM revoked_at) * 1000000)::bigint, (extract(epoch FROM last_used_at) * 1000000)::bigint
  FROM api_keys
  WHERE id = $1
  FOR UPDATE)sql";

// The key that replaced this one, if it is live.
constexpr const char* select_successor = R"sql(
  SELECT id FROM api_keys WHERE replaces = $1 AND is_active AND (expires_at IS NULL OR expires_at > $2))sql";

constexpr const char* insert_key = R"sql(
  INSERT INTO api_keys (key_name, key_hash, key_prefix, scopes, replaces, created_at, expires_at)
  VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, $7)
  RETURNING id)sql";

constexpr const char* revoke_key = R"sql(
  UPDATE api_keys SET is_active = false, revoked_at = coalesce(revoked_at, $2) WHERE id = $1 AND is_active)sql";

constexpr const char* expire_key_by = R"sql(
  UPDATE api_keys SET expires_at = $2 WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2))sql";

constexpr const char* note_use = R"sql(
  UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2))sql";

std::optional<Timestamp> time_in(const Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Timestamp{row.number(column)};
}

KeyHash hash_in(const Row& row, int column) {
  const auto bytes = from_hexadecimal(row.bytes(column));
  KeyHash hash{};
  if (!bytes || bytes->size() != hash.size()) throw BadRow("a key's hash does not have 32 bytes");
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

ApiKey key_in(const Row& row) {
  return {.id = row.number(0),
          .name = row.text(1),
          .prefix = row.text(3),
          .hash = hash_in(row, 2),
          .scopes = scopes_in(row.text(4)),
          .is_active = row.boolean(5),
          .replaces = row.is_null(6) ? std::nullopt : std::optional<KeyId>(row.number(6)),
          .created = Timestamp{row.number(7)},
          .expires = time_in(row, 8),
          .revoked = time_in(row, 9),
          .last_used = time_in(row, 10)};
}

class Table final : public KeyTable {
 public:
  explicit Table(Connection& connection) : connection_(connection) {}

  std::optional<ApiKey> find(KeyId id) override {
    const auto rows = connection_.query(select_one, {id});
    if (rows.empty()) return std::nullopt;
    return key_in(rows[0]);
  }

  std::optional<ApiKey> live_successor(KeyId id, Timestamp now) override {
    const auto rows = connection_.query(select_successor, {id, now});
    if (rows.empty()) return std::nullopt;
    return find(rows[0].number(0));
  }

  void expire_by(KeyId id, Timestamp when) override { connection_.query(expire_key_by, {id, when}); }

  ApiKey insert(const NewKey& key, std::optional<KeyId> replaces) override {
    const std::string_view hash(reinterpret_cast<const char*>(key.hash.data()), key.hash.size());
    const auto rows = connection_.query(insert_key, {key.name, to_hexadecimal(hash), key.prefix, to_text(key.scopes),
                                                     replaces, key.created, key.expires});
    return *find(rows[0].number(0));
  }

 private:
  Connection& connection_;
};

class PostgresKeyStore final : public KeyStore {
 public:
  // A call that takes longer than the context's call_limit fails as "unavailable". The context outlives this object.
  // Throws SqlError and UnfitServer.
  explicit PostgresKeyStore(StoreContext& context)
      : connection_(context.url, &context.watchdog, context.demands), call_limit_(context.call_limit) {}

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

}  // namespace

StoreResult<std::int64_t> PostgresKeyStore::version() {
  return limited(connection_, call_limit_, [&] { return connection_.query(select_version)[0].number(0); });
}

StoreResult<StoredKeys> PostgresKeyStore::all() {
  return limited(connection_, call_limit_, [&] {
    Transaction transaction(connection_, one_snapshot);
    StoredKeys stored;
    stored.version = connection_.query(select_version)[0].number(0);
    const auto rows = connection_.query(select_all);
    for (const auto row : rows) stored.keys.push_back(key_in(row));
    transaction.commit();
    return stored;
  });
}

StoreResult<ApiKey> PostgresKeyStore::add(const NewKey& key) {
  return limited(connection_, call_limit_, [&] {
    Transaction transaction(connection_);
    auto added = Table(connection_).insert(key, std::nullopt);
    transaction.commit();
    return added;
  });
}

StoreResult<std::optional<ApiKey>> PostgresKeyStore::revoke(KeyId id, Timestamp now) {
  return limited(connection_, call_limit_, [&] {
    Transaction transaction(connection_);
    connection_.query(revoke_key, {id, now});
    auto revoked = Table(connection_).find(id);
    transaction.commit();
    return revoked;
  });
}

StoreResult<Rotated> PostgresKeyStore::rotate(const KeyRotation& rotation) {
  return limited(connection_, call_limit_, [&] {
    Transaction transaction(connection_);
    Table keys(connection_);
    auto result = rotated(keys, rotation);
    if (result.outcome == RotationOutcome::rotated) transaction.commit();
    return result;
  });
}

StoreResult<Done> PostgresKeyStore::note_uses(std::span<const KeyUsed> uses) {
  return limited(connection_, call_limit_, [&] {
    Transaction transaction(connection_);
    for (const auto& [id, when] : uses) connection_.query(note_use, {id, when});
    transaction.commit();
    return Done{};
  });
}

StoreResult<std::unique_ptr<KeyStore>> PostgresStore::open_keys() {
  return guarded([&]() -> std::unique_ptr<KeyStore> { return std::make_unique<PostgresKeyStore>(context_); });
}

}  // namespace ubiety::postgres
