// Content-Type, as far as the service cares. Pure functions, any thread.
#pragma once

#include <optional>
#include <string_view>

namespace ubiety::http {

// application/json and application/…+json, in any case and with any parameters; and no Content-Type at all.
bool is_json(std::optional<std::string_view> content_type);

// application/x-ndjson: a JSON document a line.
bool is_ndjson(std::optional<std::string_view> content_type);

}  // namespace ubiety::http
