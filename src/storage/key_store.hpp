// Where API keys are kept: a table beside the history, in the same database. PostgreSQL and SQLite implement it, and
// one conformance suite holds both to what is written here.
//
// A KeyStore is one connection, for one thread. Once a call gave StoreFailure::unavailable it is dead: drop it and open
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

// What becomes of a key when another takes its place.
struct KeyRotation {
  KeyId id;
  std::string new_prefix;
  KeyHash new_hash{};
  Timestamp now;
  Timestamp old_expires;  // the end of its grace, unless it ends before
};

// The key that comes into the place of `old`.
inline NewKey successor_of(const ApiKey& old, const KeyRotation& rotation) {
  return {.name = old.name,
          .prefix = rotation.new_prefix,
          .hash = rotation.new_hash,
          .scopes = old.scopes,
          .created = rotation.now,
          .expires = old.expires ? std::optional(rotation.now + (*old.expires - old.created)) : std::nullopt};
}

enum class RotationOutcome {
  rotated,
  unknown,   // there is no such key
  not_live,  // it is revoked or has expired
  replaced,  // another has taken its place already, and is live
};

struct Rotated {
  RotationOutcome outcome = RotationOutcome::unknown;
  ApiKey key{};  // of `rotated`: the new one; of `replaced`: the one in its place
};

struct KeyUsed {
  KeyId id;
  Timestamp when;
};

class KeyStore {
 public:
  virtual ~KeyStore() = default;

  // Another number after each change of the keys, whoever made it, but for their times of use.
  virtual StoreResult<std::int64_t> version() = 0;

  // All keys there ever were, with the version that they are of.
  virtual StoreResult<StoredKeys> all() = 0;

  virtual StoreResult<ApiKey> add(const NewKey& key) = 0;

  // From now on it lets nobody in. Of one that is revoked already nothing changes. nullopt when there is none.
  virtual StoreResult<std::optional<ApiKey>> revoke(KeyId id, Timestamp now) = 0;

  // Adds a key of the same name, scopes and length of life, and bounds the old one's life. Should that have come into
  // the place of a third which is live still, then that ends now: of a line at most two are live at a time.
  virtual StoreResult<Rotated> rotate(const KeyRotation& rotation) = 0;

  // A time before the one that is known changes nothing.
  virtual StoreResult<Done> note_uses(std::span<const KeyUsed> uses) = 0;
};

}  // namespace ubiety
