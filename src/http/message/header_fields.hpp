// Reads the header fields that the service acts on. Pure functions, any thread; an absent field is nullopt, or empty
// where the parameter is a plain string.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message/answer.hpp"

namespace ubiety::http {

// Accept (RFC 9110, 12.5.1): whether an HTML page is accepted. The narrowest range that holds text/html decides. A
// client without Accept is not a browser.
bool accepts_html(std::string_view accept);

// Accept-Encoding (RFC 9110, 12.5.3): whether gzip is accepted, by its name or by `*`, with a weight above 0.
bool accepts_gzip(std::optional<std::string_view> accept_encoding);

// Content-Encoding (RFC 9110, 8.4), of all its lines. A body with two codings is `other`.
enum class ContentCoding { identity, gzip, other };
ContentCoding content_coding_of(std::string_view content_encoding);

// Content-Type: application/json or application/…+json, in any case and with any parameters; or none at all.
bool is_json(std::optional<std::string_view> content_type);
// application/x-ndjson or one of its other names: a JSON document on each line.
bool is_ndjson(std::optional<std::string_view> content_type);
// 415 where only JSON is accepted, and where NDJSON is accepted too. Accept lists the media types (RFC 9110, 15.5.16).
Answer not_json_answer();
Answer neither_json_nor_ndjson_answer();

// Prefer (RFC 7240): whether it has return=representation. The first preference for `return` counts.
bool prefers_representation(std::optional<std::string_view> prefer);

enum class Precondition {
  holds,
  not_modified,  // 304: the client has the current representation
  failed,        // 412
};
// If-Match and If-None-Match of a GET or HEAD whose answer has the strong entity tag `tag`. If-Match is evaluated
// first, by the strong comparison; If-None-Match by the weak one (RFC 9110, 13.2.2).
Precondition precondition_of(std::string_view if_match, std::string_view if_none_match, std::string_view tag);

// X-Request-ID: appends the client's id if it has 1 to 128 visible ASCII characters, else a new one of 32 hexadecimal
// digits.
void append_request_id(std::string& out, std::optional<std::string_view> offered);

}  // namespace ubiety::http
