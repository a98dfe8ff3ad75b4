#include "http/http1/refusal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "domain/text.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http::gate {
namespace {

constexpr std::array table{
    Refusal{Reason::bare_lf, 400, "*400/bare-lf", "A line ends in LF without CR"},
    Refusal{Reason::bare_cr, 400, "*400/bare-cr", "A CR is not followed by LF"},
    Refusal{Reason::control_character, 400, "*400/control-character", "The request head contains a control character"},
    Refusal{Reason::bad_request_line, 400, "*400/bad-request-line", "The request line is malformed"},
    Refusal{Reason::bad_target, 400, "*400/bad-target", "The request target is malformed"},
    Refusal{Reason::bad_field_name, 400, "*400/bad-field-name", "A header field name is malformed"},
    Refusal{Reason::folded_field, 400, "*400/folded-field", "A header field is folded over several lines"},
    Refusal{Reason::bad_field_value, 400, "*400/bad-field-value", "A header field value is malformed"},
    Refusal{Reason::missing_host, 400, "*400/missing-host", "The Host header is missing"},
    Refusal{Reason::repeated_host, 400, "*400/repeated-host", "The Host header is given twice"},
    Refusal{Reason::bad_host, 400, "*400/bad-host", "The Host header is malformed"},
    Refusal{Reason::bad_content_length, 400, "*400/bad-content-length", "The Content-Length header is malformed"},
    Refusal{Reason::repeated_content_length, 400, "*400/repeated-content-length",
            "The Content-Length header is given twice"},
    Refusal{Reason::length_and_coding, 400, "*400/length-and-coding",
            "Content-Length and Transfer-Encoding exclude each other"},
    Refusal{Reason::bad_transfer_coding, 400, "*400/bad-transfer-coding", "The last transfer coding must be chunked"},
    Refusal{Reason::chunked_twice, 400, "*400/chunked-twice", "The chunked transfer coding is applied twice"},
    Refusal{Reason::repeated_transfer_coding, 400, "*400/repeated-transfer-coding",
            "The Transfer-Encoding header is given twice"},
    Refusal{Reason::coding_in_http_1_0, 400, "*400/coding-in-http-1-0", "HTTP/1.0 has no Transfer-Encoding"},
    Refusal{Reason::bad_chunk, 400, "*400/bad-chunk", "The chunked body is malformed"},
    Refusal{Reason::chunk_extensions_too_large, 400, "*400/chunk-extensions-too-large",
            "The chunk extensions are too large"},
    Refusal{Reason::truncated, 400, "*400/truncated", "The request ends too early"},
    Refusal{Reason::no_tls, 400, "*400/no-tls", "this port speaks TLS: use https://"},
    Refusal{Reason::connect, 405, "*405/connect", "Method Not Allowed"},
    Refusal{Reason::late_head, 408, "*408/late-head", "The request head took too long"},
    Refusal{Reason::late_body, 408, "*408/late-body", "The request body took too long"},
    Refusal{Reason::body_too_large, 413, "*413/body-too-large", "Request body is too large"},
    Refusal{Reason::target_too_long, 414, "*414/target-too-long", "Request target is too long"},
    Refusal{Reason::unknown_expectation, 417, "*417/unknown-expectation",
            "The only supported expectation is 100-continue"},
    Refusal{Reason::head_too_large, 431, "*431/head-too-large", "Request header fields are too large"},
    Refusal{Reason::too_many_fields, 431, "*431/too-many-fields", "Too many request header fields"},
    Refusal{Reason::unknown_method, 501, "*501/unknown-method", "The request method is unknown"},
    Refusal{Reason::unknown_transfer_coding, 501, "*501/unknown-transfer-coding",
            "The only supported transfer coding is chunked"},
    Refusal{Reason::too_many_bytes, 503, "*503/too-many-bytes",
            "Too many bytes of requests are in flight (MAX_IN_FLIGHT_BYTES); nothing was stored"},
    Refusal{Reason::unknown_version, 505, "*505/unknown-version", "Only HTTP/1.0 and HTTP/1.1 are supported"},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].reason) != i) return false;
  }
  return table.size() == reason_count;
}
static_assert(is_in_order());
static_assert(std::all_of(table.begin(), table.end(),
                          [](const Refusal& refusal) { return !reason_phrase(refusal.status).empty(); }));

constexpr std::array<std::string_view, 5> kept_fields{
    "x-request-id:", "origin:", "traceparent:", "x-forwarded-for:", "user-agent:"};

bool is_kept(std::string_view line) {
  return std::any_of(kept_fields.begin(), kept_fields.end(), [line](std::string_view name) {
    return ascii::equal_ignoring_case(line.substr(0, name.size()), name);
  });
}

}  // namespace

const Refusal& refusal_of(Reason reason) { return table[static_cast<std::size_t>(reason)]; }

std::string_view target_of(Reason reason) { return refusal_of(reason).target; }

std::string_view name_of(Reason reason) {
  const auto target = target_of(reason);
  return target.substr(target.find('/') + 1);
}

std::string stand_in_request(Reason reason, bool is_head, std::string_view lines) {
  std::string request = is_head ? "HEAD " : "GET ";
  request += target_of(reason);
  request += " HTTP/1.1\r\n";
  constexpr std::string_view line_end = "\r\n";
  for (auto end = lines.find(line_end); end != std::string_view::npos; end = lines.find(line_end)) {
    const auto line = lines.substr(0, end + line_end.size());
    if (is_kept(line)) request += line;
    lines.remove_prefix(line.size());
  }
  return request += line_end;
}

const Refusal* parse_refusal_target(std::string_view target) {
  // Every request passes here, so return early for all but the gate's.
  if (target.size() < 2 || target[0] != '*') return nullptr;
  const auto* const found =
      std::find_if(table.begin(), table.end(), [target](const Refusal& refusal) { return refusal.target == target; });
  return found == table.end() ? nullptr : found;
}

}  // namespace ubiety::http::gate
