#include "keys/administration.hpp"

#include <utility>

#include "domain/text.hpp"
#include "keys/key_text.hpp"

namespace ubiety::keys {

StoreResult<IssuedKey> issue(KeyStore& store, const KeyRequest& request, Timestamp now) {
  auto plain = PlainKey::random();
  auto added = store.add({.name = request.name,
                          .prefix = std::string(plain.shown()),
                          .hash = KeyHasher().hash_of(plain.text()),
                          .scopes = request.scopes,
                          .created = now,
                          .expires = request.expires});
  if (!added) return Failure{added.error()};
  return IssuedKey{std::move(*added), std::move(plain)};
}

StoreResult<Rotation> rotate(KeyStore& store, KeyId id, std::chrono::seconds grace, Timestamp now) {
  auto plain = PlainKey::random();
  auto rotated = store.rotate({.id = id,
                               .new_prefix = std::string(plain.shown()),
                               .new_hash = KeyHasher().hash_of(plain.text()),
                               .now = now,
                               .old_expires = now + grace});
  if (!rotated) return Failure{rotated.error()};
  if (rotated->outcome != RotationOutcome::rotated) return Rotation{rotated->outcome, std::move(rotated->key), {}};
  return Rotation{rotated->outcome, std::move(rotated->key), std::move(plain)};
}

std::optional<Timestamp> parse_expiry(std::string_view text, Timestamp now) {
  constexpr std::int64_t max_count = 1'000'000;
  auto expiry = parse_timestamp(text);
  if (!expiry && !text.empty()) {
    const auto count = parse_integer<std::int64_t>(text.substr(0, text.size() - 1)).value_or(0);
    if (count < 1 || count > max_count) return std::nullopt;
    if (text.back() == 'd') expiry = now + std::chrono::days(count);
    if (text.back() == 'h') expiry = now + std::chrono::hours(count);
  }
  if (!expiry || *expiry <= now || *expiry > latest_timestamp) return std::nullopt;
  return expiry;
}

}  // namespace ubiety::keys
