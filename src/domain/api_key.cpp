#include "domain/api_key.hpp"

#include <algorithm>

#include "domain/text.hpp"

namespace ubiety {
namespace {

bool has_control_character(std::string_view text) {
  // U+0080 to U+009F: some terminals obey them as they obey the escape character.
  const auto begins_c1 = [](char left, char right) {
    return left == '\xC2' && static_cast<unsigned char>(right) < 0xA0;
  };
  return std::any_of(text.begin(), text.end(), ascii::is_control) ||
         std::adjacent_find(text.begin(), text.end(), begins_c1) != text.end();
}

}  // namespace

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::ingest: return "ingest";
    case Scope::read: return "read";
    case Scope::admin: break;
  }
  return "admin";
}

std::optional<Scope> parse_scope(std::string_view name) {
  for (const auto scope : all_scopes)
    if (name == name_of(scope)) return scope;
  return std::nullopt;
}

std::string to_text(Scopes scopes) {
  std::string text;
  for (const auto scope : all_scopes)
    if (scopes.has(scope)) text.append(text.empty() ? "" : ",").append(name_of(scope));
  return text;
}

Scopes scopes_in(std::string_view text) {
  Scopes scopes;
  for (;;) {
    const auto comma = text.find(',');
    if (const auto scope = parse_scope(text.substr(0, comma))) scopes.add(*scope);
    if (comma == std::string_view::npos) return scopes;
    text.remove_prefix(comma + 1);
  }
}

std::string_view state_of(const ApiKey& key, Timestamp now) {
  if (!key.is_active) return "revoked";
  return is_live(key, now) ? "active" : "expired";
}

std::optional<KeyNameFault> check_key_name(std::string_view text) {
  if (text.empty()) return KeyNameFault::empty;
  const auto characters = count_characters(text);
  if (!characters || has_control_character(text)) return KeyNameFault::not_text;
  if (*characters > max_key_name_length) return KeyNameFault::too_long;
  return std::nullopt;
}

}  // namespace ubiety
