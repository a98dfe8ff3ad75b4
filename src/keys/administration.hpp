// Making keys and putting others into their place: what `ubietyd keys` and /admin/keys have in common. Blocking; one
// thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "keys/plain_key.hpp"
#include "storage/key_store.hpp"

namespace ubiety::keys {

struct KeyRequest {
  std::string name;
  Scopes scopes;
  std::optional<Timestamp> expires;
};

struct IssuedKey {
  ApiKey key;
  PlainKey plain;
};

// A failure may leave a key behind whose text nobody knows.
StoreResult<IssuedKey> issue(KeyStore& store, const KeyRequest& request, Timestamp now);

struct Rotation {
  RotationOutcome outcome;
  ApiKey key;                     // as in Rotated
  std::optional<PlainKey> plain;  // of `rotated`
};

StoreResult<Rotation> rotate(KeyStore& store, KeyId id, std::chrono::seconds grace, Timestamp now);

}  // namespace ubiety::keys
