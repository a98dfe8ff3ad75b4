// Where API keys are kept: a table beside the history, in the same database. PostgreSQL and SQLite implement it, and
// one conformance suite tests both against this header.
//
// A KeyStore is one connection, for one thread. After a call returned StoreFailure::unavailable, drop it and open
// another.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/api_key.hpp"
#include "storage/store.hpp"

namespace ubiety {

struct StoredKeys {
  std::int64_t version = 0;
  std::vector<ApiKey> keys;  // in the order of their ids
};

struct NewKey {
  std::string name;
  std::string prefix;
  KeyHash hash{};
  Scopes scopes;
  Timestamp created;
  std::optional<Timestamp> expires;
};

// The replacement of a key by a new one.
struct KeyRotation {
  KeyId id;
  std::string new_prefix;
  KeyHash new_hash{};
  Timestamp now;
  Timestamp old_expires;  // the end of the old key's grace period, unless it expires before
};

enum class RotationOutcome {
  rotated,
  unknown,   // there is no such key
  not_live,  // the key is revoked or has expired
  replaced,  // the key has been replaced already, by one that is live
};

struct Rotated {
  RotationOutcome outcome = RotationOutcome::unknown;
  ApiKey key{};  // if rotated or replaced: the key that replaces the old one
};

struct KeyUsed {
  KeyId id;
  Timestamp when;
};

class KeyStore {
 public:
  virtual ~KeyStore() = default;

  // Changes with every change of the keys, by this process or another, except with their times of use.
  virtual StoreResult<std::int64_t> version() = 0;

  // All keys, also revoked and expired ones, and their version.
  virtual StoreResult<StoredKeys> all() = 0;

  virtual StoreResult<ApiKey> add(const NewKey& key) = 0;

  // Returns the key, which is revoked from now on; nullopt if there is none. Revoking a revoked key changes nothing.
  virtual StoreResult<std::optional<ApiKey>> revoke(KeyId id, Timestamp now) = 0;

  // Adds a key with the old key's name, scopes and lifetime, and bounds the old key's life. If the old key itself
  // replaced one that is still live, that one expires now: at most two keys of a line are live at a time.
  virtual StoreResult<Rotated> rotate(const KeyRotation& rotation) = 0;

  // Notes when keys were last used. A time earlier than the known one changes nothing.
  virtual StoreResult<Done> note_uses(std::span<const KeyUsed> uses) = 0;
};

// The keys in a transaction of a store, for rotated().
class KeyTable {
 public:
  virtual ~KeyTable() = default;

  virtual std::optional<ApiKey> find(KeyId id) = 0;
  // The key that replaced `id` and is live at `now`.
  virtual std::optional<ApiKey> live_successor(KeyId id, Timestamp now) = 0;
  // Makes the key expire at `when`, unless it expires before.
  virtual void expire_by(KeyId id, Timestamp when) = 0;
  virtual ApiKey insert(const NewKey& key, std::optional<KeyId> replaces) = 0;
};

// The key that replaces `old`.
inline NewKey successor_of(const ApiKey& old, const KeyRotation& rotation) {
  return {.name = old.name,
          .prefix = rotation.new_prefix,
          .hash = rotation.new_hash,
          .scopes = old.scopes,
          .created = rotation.now,
          .expires = old.expires ? std::optional(rotation.now + (*old.expires - old.created)) : std::nullopt};
}

// Carries out KeyStore::rotate on `keys`. The caller commits the transaction if the outcome is `rotated`. Passes on the
// exceptions of `keys`.
inline Rotated rotated(KeyTable& keys, const KeyRotation& rotation) {
  const auto old = keys.find(rotation.id);
  if (!old) return {RotationOutcome::unknown};
  if (auto successor = keys.live_successor(rotation.id, rotation.now))
    return {RotationOutcome::replaced, std::move(*successor)};
  if (!is_live(*old, rotation.now)) return {RotationOutcome::not_live};
  if (old->replaces) keys.expire_by(*old->replaces, rotation.now);
  keys.expire_by(rotation.id, rotation.old_expires);
  return {RotationOutcome::rotated, keys.insert(successor_of(*old, rotation), rotation.id)};
}

}  // namespace ubiety
