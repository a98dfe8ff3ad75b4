// An API key as the service stores it: its hash and its scopes, never its text. Any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/timestamp.hpp"

namespace ubiety {

// What a key may do. `admin` includes the other two, because an administrator could create a key for them anyway.
enum class Scope : std::uint8_t { ingest, read, admin };
inline constexpr std::array all_scopes{Scope::ingest, Scope::read, Scope::admin};

std::string_view name_of(Scope scope);
std::optional<Scope> parse_scope(std::string_view name);

class Scopes {
 public:
  void add(Scope scope) { bits_ = static_cast<std::uint8_t>(bits_ | bit(scope)); }
  bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  bool allow(Scope scope) const { return has(scope) || has(Scope::admin); }
  bool are_none() const { return bits_ == 0; }

  friend bool operator==(const Scopes&, const Scopes&) = default;

 private:
  static std::uint8_t bit(Scope scope) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(scope)); }

  std::uint8_t bits_ = 0;
};

// "ingest,read", in the order of Scope.
std::string to_text(Scopes scopes);
// The scopes that `text` names, separated by commas. Unknown names are ignored: this version does not allow what a
// later version means by them.
Scopes scopes_in(std::string_view text);

using KeyId = std::int64_t;
using KeyHash = std::array<std::uint8_t, 32>;  // SHA-256 of the key's text

struct ApiKey {
  KeyId id = 0;
  std::string name;    // for people
  std::string prefix;  // the beginning of its text, by which its owner recognises it
  KeyHash hash{};
  Scopes scopes;
  bool is_active = true;          // false once it is revoked
  std::optional<KeyId> replaces;  // the key that this one was rotated from
  Timestamp created;
  std::optional<Timestamp> expires, revoked, last_used;
};

// Whether the service accepts the key.
inline bool is_live(const ApiKey& key, Timestamp now) { return key.is_active && (!key.expires || now < *key.expires); }

// "active", "expired" or "revoked".
std::string_view state_of(const ApiKey& key, Timestamp now);

// How long a rotated key stays live beside the new one, unless the request says otherwise.
inline constexpr std::chrono::seconds default_grace{std::chrono::hours(24)};
inline constexpr std::chrono::seconds max_grace{std::chrono::days(365)};

inline constexpr std::size_t max_key_name_length = 255;  // characters

enum class KeyNameFault { empty, too_long, not_text };

// Returns what is wrong with `text` as a key's name; nullopt if it is valid. Terminals show the name, so control
// characters are not_text, as is malformed UTF-8.
std::optional<KeyNameFault> check_key_name(std::string_view text);

}  // namespace ubiety
