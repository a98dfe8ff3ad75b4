#include "http/resources/keys/keys_resource.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/text.hpp"
#include "http/message/body_fields.hpp"
#include "http/message/validation_answer.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

std::string name_in(BodyFields& fields) {
  const auto* member = fields.find("name", true);
  if (member == nullptr) return {};
  const auto* text = std::get_if<std::string_view>(&member->value);
  if (text == nullptr) return fields.fault("name", pydantic::not_a_string()), std::string();
  const auto fault = check_key_name(*text);
  if (!fault) return std::string(*text);
  switch (*fault) {
    case KeyNameFault::empty: fields.fault("name", pydantic::too_few_characters(1)); break;
    case KeyNameFault::too_long:
      fields.fault("name", pydantic::too_many_characters(static_cast<std::int64_t>(max_key_name_length)));
      break;
    case KeyNameFault::not_text:
      fields.fault("name", {"a key's name is UTF-8 and has no control characters", "value_error.key_name"});
      break;
  }
  return {};
}

Scopes scopes_in(BodyFields& fields) {
  constexpr std::array<std::string_view, 3> scope_names{"ingest", "read", "admin"};
  const auto* member = fields.find("scopes", true);
  Scopes scopes;
  if (member == nullptr) return scopes;
  if (!member->is_list) return fields.fault("scopes", pydantic::not_a_list()), scopes;
  if (member->items.empty()) fields.fault("scopes", pydantic::too_few_items(1));
  for (const auto& item : member->items) {
    const auto* name = std::get_if<std::string_view>(&item);
    const auto scope = name == nullptr ? std::nullopt : parse_scope(*name);
    if (!scope) {
      fields.fault("scopes", pydantic::not_one_of(scope_names));
      break;
    }
    scopes.add(*scope);
  }
  return scopes;
}

std::optional<Timestamp> expiry_in(BodyFields& fields, Timestamp now) {
  const auto* member = fields.find("expires_at", false);
  if (member == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string_view>(&member->value);
  const auto expires = text == nullptr ? std::nullopt : parse_timestamp(*text);
  if (!expires)
    fields.fault("expires_at", pydantic::bad_time());
  else if (*expires <= now)
    fields.fault("expires_at", {"ensure this time is in the future", "value_error.datetime.past"});
  return expires;
}

std::chrono::seconds grace_in(BodyFields& fields) {
  const auto* member = fields.find("grace_seconds", false);
  if (member == nullptr) return default_grace;
  const auto* integer = std::get_if<std::int64_t>(&member->value);
  auto problem = integer == nullptr ? pydantic::not_an_integer() : pydantic::outside(*integer, 0, max_grace.count());
  if (!problem) return std::chrono::seconds(*integer);
  fields.fault("grace_seconds", std::move(*problem));
  return {};
}

void write_key(json::Object& object, const ApiKey& key, Timestamp now) {
  object.member("id", key.id);
  object.member("name", key.name);
  object.member("prefix", key.prefix);
  object.array("scopes", [&](json::Array& list) {
    for (const auto scope : all_scopes)
      if (key.scopes.has(scope)) list.element(name_of(scope));
  });
  object.member("state", state_of(key, now));
  object.member("replaces", key.replaces);
  object.member("created_at", key.created);
  object.member("expires_at", key.expires);
  object.member("revoked_at", key.revoked);
  object.member("last_used_at", key.last_used);
}

}  // namespace

Result<keys::KeyRequest, Answer> parse_key_request(json::ObjectReader& reader, std::string_view body, Timestamp now) {
  auto members = reader.read(body);
  if (!members) return Failure{read_error_answer(members.error())};
  BodyFields fields(std::move(*members));
  keys::KeyRequest request{.name = name_in(fields), .scopes = scopes_in(fields), .expires = expiry_in(fields, now)};
  if (auto answer = fields.answer()) return Failure{std::move(*answer)};
  return request;
}

Result<std::chrono::seconds, Answer> parse_rotation(json::ObjectReader& reader, std::string_view body) {
  if (body.empty()) return default_grace;
  auto members = reader.read(body);
  if (!members) return Failure{read_error_answer(members.error())};
  BodyFields fields(std::move(*members));
  const auto grace = grace_in(fields);
  if (auto answer = fields.answer()) return Failure{std::move(*answer)};
  return grace;
}

std::optional<KeyId> parse_key_id(std::string_view text) {
  const auto id = parse_integer<KeyId>(text);
  return id && *id >= 1 ? id : std::nullopt;
}

std::string keys_json(const std::vector<ApiKey>& keys, Timestamp now) {
  std::string body;
  json::append_object(body, [&](json::Object& object) {
    object.array("keys", [&](json::Array& list) {
      for (const auto& key : keys) list.object([&](json::Object& entry) { write_key(entry, key, now); });
    });
    object.member("total_keys", keys.size());
  });
  return body;
}

std::string new_key_json(const ApiKey& key, std::string_view text, Timestamp now) {
  std::string body;
  body.reserve(512);  // so that the string does not grow, which would leave a copy of the text in freed memory
  json::append_object(body, [&](json::Object& object) {
    write_key(object, key, now);
    object.member("key", text);
  });
  return body;
}

}  // namespace ubiety::http
