// Content-Type, as far as the service cares. Pure functions, any thread.
#pragma once

#include <optional>
#include <string_view>

#include "http/message/answer.hpp"

namespace ubiety::http {

// application/json and application/…+json, in any case and with any parameters; and no Content-Type at all.
bool is_json(std::optional<std::string_view> content_type);

// application/x-ndjson and its other names: a JSON document on each line.
bool is_ndjson(std::optional<std::string_view> content_type);

// 415 where only JSON is accepted, and where NDJSON is accepted too. Accept lists the media types (RFC 9110, 15.5.16).
Answer not_json_answer();
Answer neither_json_nor_ndjson_answer();

}  // namespace ubiety::http
