// The API keys in SQLite; storage/key_store.hpp specifies the calls.
#include <algorithm>
#include <string>

#include "storage/key_store.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/store.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view select_version = "SELECT version FROM api_keys_version";

constexpr std::string_view select_all = R"sql(
  SELECT id, key_name, key_hash, key_prefix, scopes, is_active, replaces, created_at, expires_at, revoked_at,
         last_used_at
  FROM api_keys
  ORDER BY id)sql";

constexpr std::string_view select_one = R"sql(
  SELECT id, key_name, key_hash, key_prefix, scopes, is_active, replaces, created_at, expires_at, revoked_at,
         last_used_at
  FROM api_keys
  WHERE id = ?1)sql";

// The key that replaced this one, if it is live.
constexpr std::string_view select_successor = R"sql(
  SELECT id FROM api_keys WHERE replaces = ?1 AND is_active AND (expires_at IS NULL OR expires_at > ?2))sql";

constexpr std::string_view insert_key = R"sql(
  INSERT INTO api_keys (key_name, key_hash, key_prefix, scopes, replaces, created_at, expires_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))sql";

constexpr std::string_view revoke_key = R"sql(
  UPDATE api_keys SET is_active = 0, revoked_at = ifnull(revoked_at, ?2) WHERE id = ?1 AND is_active)sql";

constexpr std::string_view expire_key_by = R"sql(
  UPDATE api_keys SET expires_at = ?2 WHERE id = ?1 AND (expires_at IS NULL OR expires_at > ?2))sql";

constexpr std::string_view note_use = R"sql(
  UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2))sql";

std::optional<std::int64_t> integer_in(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

std::optional<Timestamp> time_in(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Timestamp{row.integer(column)};
}

ApiKey key_in(const Statement& row) {
  ApiKey key{.id = row.integer(0),
             .name = std::string(row.text(1)),
             .prefix = std::string(row.text(3)),
             .hash = {},
             .scopes = scopes_in(row.text(4)),
             .is_active = row.integer(5) != 0,
             .replaces = integer_in(row, 6),
             .created = {row.integer(7)},
             .expires = time_in(row, 8),
             .revoked = time_in(row, 9),
             .last_used = time_in(row, 10)};
  const auto hash = row.blob(2);
  if (hash.size() != key.hash.size()) throw Error(SQLITE_MISMATCH, "a key's hash does not have 32 bytes");
  std::copy(hash.begin(), hash.end(), key.hash.begin());
  return key;
}

class Table final : public KeyTable {
 public:
  explicit Table(Database& database) : database_(database) {}

  std::optional<ApiKey> find(KeyId id) override {
    Statement row(database_, select_one);
    if (!row.bind(1, id).next()) return std::nullopt;
    return key_in(row);
  }

  std::optional<ApiKey> live_successor(KeyId id, Timestamp now) override {
    Statement successor(database_, select_successor);
    if (!successor.bind(1, id).bind(2, now.microseconds).next()) return std::nullopt;
    return find(successor.integer(0));
  }

  void expire_by(KeyId id, Timestamp when) override {
    Statement(database_, expire_key_by).bind(1, id).bind(2, when.microseconds).run();
  }

  ApiKey insert(const NewKey& key, std::optional<KeyId> replaces) override {
    const auto scopes = to_text(key.scopes);
    Statement statement(database_, insert_key);
    statement.bind(1, key.name)
        .bind_blob(2, {reinterpret_cast<const char*>(key.hash.data()), key.hash.size()})
        .bind(3, key.prefix)
        .bind(4, scopes)
        .bind(6, key.created.microseconds);
    if (replaces) statement.bind(5, *replaces);  // an unbound parameter is NULL
    if (key.expires) statement.bind(7, key.expires->microseconds);
    statement.run();
    return *find(sqlite3_last_insert_rowid(database_.handle()));
  }

 private:
  Database& database_;
};

std::int64_t version_in(Database& database) {
  Statement row(database, select_version);
  if (!row.next()) throw Error(SQLITE_CORRUPT, "api_keys_version is empty");
  return row.integer(0);
}

class SqliteKeyStore final : public KeyStore {
 public:
  // Throws Error.
  SqliteKeyStore(const std::string& path, WriteTurns& turns) : turns_(turns), database_(connect_to_existing(path)) {}

  StoreResult<std::int64_t> version() override;
  StoreResult<StoredKeys> all() override;
  StoreResult<ApiKey> add(const NewKey& key) override;
  StoreResult<std::optional<ApiKey>> revoke(KeyId id, Timestamp now) override;
  StoreResult<Rotated> rotate(const KeyRotation& rotation) override;
  StoreResult<Done> note_uses(std::span<const KeyUsed> uses) override;

 private:
  WriteTurns& turns_;
  Database database_;
};

}  // namespace

StoreResult<std::int64_t> SqliteKeyStore::version() {
  return guarded([&] { return version_in(database_); });
}

StoreResult<StoredKeys> SqliteKeyStore::all() {
  return guarded([&] {
    // The version first: a change in between is then seen twice, not missed.
    StoredKeys stored;
    stored.version = version_in(database_);
    Statement row(database_, select_all);
    while (row.next()) stored.keys.push_back(key_in(row));
    return stored;
  });
}

StoreResult<ApiKey> SqliteKeyStore::add(const NewKey& key) {
  return guarded([&] {
    const WriteTurns::Turn turn(turns_);
    Transaction transaction(database_);
    auto added = Table(database_).insert(key, std::nullopt);
    transaction.commit();
    return added;
  });
}

StoreResult<std::optional<ApiKey>> SqliteKeyStore::revoke(KeyId id, Timestamp now) {
  return guarded([&] {
    const WriteTurns::Turn turn(turns_);
    Transaction transaction(database_);
    Statement(database_, revoke_key).bind(1, id).bind(2, now.microseconds).run();
    auto revoked = Table(database_).find(id);
    transaction.commit();
    return revoked;
  });
}

StoreResult<Rotated> SqliteKeyStore::rotate(const KeyRotation& rotation) {
  return guarded([&] {
    const WriteTurns::Turn turn(turns_);
    Transaction transaction(database_);
    Table keys(database_);
    auto result = rotated(keys, rotation);
    if (result.outcome == RotationOutcome::rotated) transaction.commit();
    return result;
  });
}

StoreResult<Done> SqliteKeyStore::note_uses(std::span<const KeyUsed> uses) {
  return guarded([&] {
    const WriteTurns::Turn turn(turns_);
    Transaction transaction(database_);
    Statement statement(database_, note_use);
    for (const auto& [id, when] : uses) statement.bind(1, id).bind(2, when.microseconds).run();
    transaction.commit();
    return Done{};
  });
}

StoreResult<std::unique_ptr<KeyStore>> SqliteStore::open_keys() {
  return guarded(
      [&]() -> std::unique_ptr<KeyStore> { return std::make_unique<SqliteKeyStore>(path_, shared_.turns()); });
}

}  // namespace ubiety::sqlite
