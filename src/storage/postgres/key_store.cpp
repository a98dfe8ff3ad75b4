#include "storage/postgres/key_store.hpp"

#include "domain/hexadecimal.hpp"
#include "storage/postgres/limited.hpp"
#include "storage/postgres/time_text.hpp"

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

// The one that took this one's place and is live.
constexpr const char* select_successor = R"sql(
  SELECT id FROM api_keys WHERE replaces = $1 AND is_active AND (expires_at IS NULL OR expires_at > $2))sql";

constexpr const char* insert_key = R"sql(
  INSERT INTO api_keys (key_name, key_hash, key_prefix, scopes, replaces, created_at, expires_at)
  VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, $7)
  RETURNING id)sql";

constexpr const char* revoke_key = R"sql(
  UPDATE api_keys SET is_active = false, revoked_at = coalesce(revoked_at, $2) WHERE id = $1 AND is_active)sql";

constexpr const char* end_before = R"sql(
  UPDATE api_keys SET expires_at = $2 WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2))sql";

constexpr const char* note_use = R"sql(
  UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2))sql";

std::optional<Timestamp> time_in(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return Timestamp{field.as<std::int64_t>()};
}

KeyHash hash_in(const pqxx::field& field) {
  const auto bytes = from_hexadecimal(field.as<std::string>());
  KeyHash hash{};
  if (!bytes || bytes->size() != hash.size()) throw BadRow("a key's hash is not of 32 bytes");
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

ApiKey key_in(const pqxx::row& row) {
  return {.id = row[0].as<KeyId>(),
          .name = row[1].as<std::string>(),
          .prefix = row[3].as<std::string>(),
          .hash = hash_in(row[2]),
          .scopes = scopes_in(row[4].as<std::string>()),
          .is_active = row[5].as<bool>(),
          .replaces = row[6].is_null() ? std::nullopt : std::optional(row[6].as<KeyId>()),
          .created = {row[7].as<std::int64_t>()},
          .expires = time_in(row[8]),
          .revoked = time_in(row[9]),
          .last_used = time_in(row[10])};
}

std::optional<ApiKey> find(pqxx::transaction_base& transaction, KeyId id) {
  const auto rows = transaction.exec_params(select_one, id);
  if (rows.empty()) return std::nullopt;
  return key_in(rows[0]);
}

// NULL for what is not there, as exec_params has it.
const char* or_null(const std::optional<std::string>& text) { return text ? text->c_str() : nullptr; }

ApiKey insert(pqxx::transaction_base& transaction, const NewKey& key, std::optional<KeyId> replaces = {}) {
  const auto expires = key.expires ? std::optional(time_text(*key.expires)) : std::nullopt;
  const auto replaced = replaces ? std::optional(std::to_string(*replaces)) : std::nullopt;
  const std::string_view hash(reinterpret_cast<const char*>(key.hash.data()), key.hash.size());
  const auto id = transaction
                      .exec_params1(insert_key, key.name, to_hexadecimal(hash), key.prefix, to_text(key.scopes),
                                    or_null(replaced), time_text(key.created), or_null(expires))[0]
                      .as<KeyId>();
  return *find(transaction, id);
}

}  // namespace

StoreResult<std::int64_t> PostgresKeyStore::version() {
  return limited(connection_, call_limit_, [&] {
    pqxx::nontransaction transaction(connection_);
    return transaction.exec1(select_version)[0].as<std::int64_t>();
  });
}

StoreResult<StoredKeys> PostgresKeyStore::all() {
  return limited(connection_, call_limit_, [&] {
    // One snapshot for both tables.
    pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> transaction(connection_);
    StoredKeys stored;
    stored.version = transaction.exec1(select_version)[0].as<std::int64_t>();
    for (const auto& row : transaction.exec(select_all)) stored.keys.push_back(key_in(row));
    transaction.commit();
    return stored;
  });
}

StoreResult<ApiKey> PostgresKeyStore::add(const NewKey& key) {
  return limited(connection_, call_limit_, [&] {
    pqxx::work transaction(connection_);
    auto added = insert(transaction, key);
    transaction.commit();
    return added;
  });
}

StoreResult<std::optional<ApiKey>> PostgresKeyStore::revoke(KeyId id, Timestamp now) {
  return limited(connection_, call_limit_, [&] {
    pqxx::work transaction(connection_);
    transaction.exec_params(revoke_key, id, time_text(now));
    auto revoked = find(transaction, id);
    transaction.commit();
    return revoked;
  });
}

StoreResult<Rotated> PostgresKeyStore::rotate(const KeyRotation& rotation) {
  return limited(connection_, call_limit_, [&]() -> Rotated {
    pqxx::work transaction(connection_);
    const auto old = find(transaction, rotation.id);
    if (!old) return {RotationOutcome::unknown};
    const auto now = time_text(rotation.now);
    if (const auto successors = transaction.exec_params(select_successor, rotation.id, now); !successors.empty())
      return {RotationOutcome::replaced, *find(transaction, successors[0][0].as<KeyId>())};
    if (!is_live(*old, rotation.now)) return {RotationOutcome::not_live};
    if (old->replaces) transaction.exec_params(end_before, *old->replaces, now);
    transaction.exec_params(end_before, rotation.id, time_text(rotation.old_expires));
    auto added = insert(transaction, successor_of(*old, rotation), rotation.id);
    transaction.commit();
    return {RotationOutcome::rotated, std::move(added)};
  });
}

StoreResult<Done> PostgresKeyStore::note_uses(std::span<const KeyUsed> uses) {
  return limited(connection_, call_limit_, [&] {
    pqxx::work transaction(connection_);
    for (const auto& [id, when] : uses) transaction.exec_params(note_use, id, time_text(when));
    transaction.commit();
    return Done{};
  });
}

}  // namespace ubiety::postgres
