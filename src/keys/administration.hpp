// Issues and rotates API keys: what `ubietyd keys` and /admin/keys share. Blocking; one thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "keys/key_text.hpp"
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

// A failure may leave a key in the store whose text is lost.
StoreResult<IssuedKey> issue(KeyStore& store, const KeyRequest& request, Timestamp now);

struct Rotation {
  RotationOutcome outcome;
  ApiKey key;                     // as in Rotated
  std::optional<PlainKey> plain;  // of `rotated`
};

// Replaces the key `id` by a new one with the same name and scopes. The old key stays live for `grace` at most.
StoreResult<Rotation> rotate(KeyStore& store, KeyId id, std::chrono::seconds grace, Timestamp now);

// Reads when a key is to expire: an RFC 3339 time, or a number of days or hours from now, as 90d or 12h. nullopt for
// any other text, and for a time that is past.
std::optional<Timestamp> parse_expiry(std::string_view text, Timestamp now);

}  // namespace ubiety::keys
