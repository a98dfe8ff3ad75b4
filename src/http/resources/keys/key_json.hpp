// API keys as JSON: the requests to /admin/keys, and the keys in their answers. Unlike a report, a request must not
// have unknown fields: a key with a misspelt expiry would never expire. The loop's thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message/answer.hpp"
#include "json/reader.hpp"
#include "keys/administration.hpp"

namespace ubiety::http {

// {"name":"…","scopes":["ingest",…],"expires_at":"…"}; the expiry may be absent or null. The error is the answer with
// all faults.
Result<keys::KeyRequest, Answer> parse_key_request(json::ObjectReader& reader, std::string_view body, Timestamp now);

// {"grace_seconds":N}, or an empty body: how long the old key stays valid beside the new one. The error is the answer.
Result<std::chrono::seconds, Answer> parse_rotation(json::ObjectReader& reader, std::string_view body);

// The id of a key in a path: digits without a sign. Returns nullopt for anything else, which no key has as its id.
std::optional<KeyId> parse_key_id(std::string_view text);

// {"keys":[…],"total_keys":N}
std::string keys_json(const std::vector<ApiKey>& keys, Timestamp now);

// One key with its text, which is shown only this once.
std::string new_key_json(const ApiKey& key, std::string_view text, Timestamp now);

}  // namespace ubiety::http
