// What the requests to /admin/keys ask for, or the answer that names all that is wrong with them. Unlike a device's
// report, they may have no field that is not known: a key without the expiry that somebody misspelled would live for
// ever. The loop's thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "http/message/answer.hpp"
#include "json/object_reader.hpp"
#include "keys/administration.hpp"

namespace ubiety::http {

// {"name":"…","scopes":["ingest",…],"expires_at":"…"}, the last or its value may be absent.
Result<keys::KeyRequest, Answer> parse_key_request(json::ObjectReader& reader, std::string_view body, Timestamp now);

// {"grace_seconds":N}, or nothing at all: how long the old key is live beside the new one.
Result<std::chrono::seconds, Answer> parse_rotation(json::ObjectReader& reader, std::string_view body);

// What stands in a path for a key: digits without a sign; nullopt for anything else, which no key has.
std::optional<KeyId> parse_key_id(std::string_view text);

}  // namespace ubiety::http
