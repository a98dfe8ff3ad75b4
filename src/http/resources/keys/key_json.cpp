#include "http/resources/keys/key_json.hpp"

#include "json/writer.hpp"

namespace ubiety::http {
namespace {

void append_time(std::string& out, std::string_view name, const std::optional<Timestamp>& time) {
  out.append(",\"").append(name).append("\":");
  if (time)
    json::append_timestamp(out, *time);
  else
    out += "null";
}

// Without the brace at its end.
void append_open(std::string& out, const ApiKey& key, Timestamp now) {
  out += "{\"id\":";
  json::append_number(out, key.id);
  out += ",\"name\":";
  json::append_string(out, key.name);
  out += ",\"prefix\":";
  json::append_string(out, key.prefix);
  out += ",\"scopes\":[";
  bool first = true;
  for (const auto scope : all_scopes) {
    if (!key.scopes.has(scope)) continue;
    if (!first) out += ',';
    first = false;
    json::append_string(out, name_of(scope));
  }
  out += "],\"state\":";
  json::append_string(out, state_of(key, now));
  out += ",\"replaces\":";
  if (key.replaces)
    json::append_number(out, *key.replaces);
  else
    out += "null";
  append_time(out, "created_at", key.created);
  append_time(out, "expires_at", key.expires);
  append_time(out, "revoked_at", key.revoked);
  append_time(out, "last_used_at", key.last_used);
}

}  // namespace

std::string keys_json(const std::vector<ApiKey>& keys, Timestamp now) {
  std::string body = "{\"keys\":[";
  for (const auto& key : keys) {
    if (&key != &keys.front()) body += ',';
    append_open(body, key, now);
    body += '}';
  }
  body += "],\"total_keys\":";
  json::append_number(body, keys.size());
  body += '}';
  return body;
}

std::string new_key_json(const ApiKey& key, std::string_view text, Timestamp now) {
  std::string body;
  body.reserve(512);  // so that the text is not left behind where the string was before
  append_open(body, key, now);
  body += ",\"key\":";
  json::append_string(body, text);
  body += '}';
  return body;
}

}  // namespace ubiety::http
