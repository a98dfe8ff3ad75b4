// An API key as the service knows it: its hash and what it may do, never its text. Any thread.
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

// What a key may be for. `admin` allows the other two as well: who can make keys can make one for anything.
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
// Names that are none of ours are left out: what a later version means by them, this one does not allow.
Scopes scopes_in(std::string_view text);

using KeyId = std::int64_t;
using KeyHash = std::array<std::uint8_t, 32>;  // SHA-256 of the key's text

struct ApiKey {
  KeyId id = 0;
  std::string name;    // for people
  std::string prefix;  // how its text begins, so that whoever has it can tell which it is
  KeyHash hash{};
  Scopes scopes;
  bool is_active = true;          // until it is revoked
  std::optional<KeyId> replaces;  // the key that was rotated into this one
  Timestamp created;
  std::optional<Timestamp> expires, revoked, last_used;
};

// Whether the key lets anybody in.
inline bool is_live(const ApiKey& key, Timestamp now) { return key.is_active && (!key.expires || now < *key.expires); }

// "active", "expired" or "revoked".
std::string_view state_of(const ApiKey& key, Timestamp now);

// How long a key that is rotated stays live beside the new one, if nothing else is said.
inline constexpr std::chrono::seconds default_grace{std::chrono::hours(24)};
inline constexpr std::chrono::seconds longest_grace{std::chrono::days(365)};

inline constexpr std::size_t longest_key_name = 255;  // characters

enum class KeyNameFault { empty, too_long, not_text };

// What is wrong with `text` as a key's name: control characters and what is no UTF-8 are not_text. It is shown on
// terminals.
std::optional<KeyNameFault> check_key_name(std::string_view text);

}  // namespace ubiety
