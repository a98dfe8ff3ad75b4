#include "storage/key_store.hpp"

namespace ubiety {
namespace {

NewKey successor_of(const ApiKey& old, const KeyRotation& rotation) {
  return {.name = old.name,
          .prefix = rotation.new_prefix,
          .hash = rotation.new_hash,
          .scopes = old.scopes,
          .created = rotation.now,
          .expires = old.expires ? std::optional(rotation.now + (*old.expires - old.created)) : std::nullopt};
}

}  // namespace

Rotated rotated(KeyTable& keys, const KeyRotation& rotation) {
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
