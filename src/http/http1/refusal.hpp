// Why the gate refuses a request, and how the refusal passes through RESTinio: as a request that the gate makes itself,
// `GET *400/bare-lf HTTP/1.1`. No client can send such a target, since the gate accepts `*` only alone. Pure functions,
// any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ubiety::http::gate {

// In the order of the table in refusal.cpp.
enum class Reason {
  bare_lf,
  bare_cr,
  control_character,
  bad_request_line,
  bad_target,
  bad_field_name,
  folded_field,
  bad_field_value,
  missing_host,
  repeated_host,
  bad_host,
  bad_content_length,
  repeated_content_length,
  length_and_coding,
  bad_transfer_coding,
  chunked_twice,
  repeated_transfer_coding,
  coding_in_http_1_0,
  bad_chunk,
  chunk_extensions_too_large,
  truncated,
  no_tls,
  connect,
  late_head,
  late_body,
  body_too_large,
  target_too_long,
  unknown_expectation,
  head_too_large,
  too_many_fields,
  unknown_method,
  unknown_transfer_coding,
  too_many_bytes,
  unknown_version,
};
constexpr auto reason_count = static_cast<std::size_t>(Reason::unknown_version) + 1;

struct Refusal {
  Reason reason;
  int status;
  std::string_view target;  // "*400/bare-lf"
  std::string_view detail;  // a sentence for a person
};
const Refusal& refusal_of(Reason reason);

std::string_view target_of(Reason reason);
// "bare-lf"
std::string_view name_of(Reason reason);

// The request that replaces the refused one. It is a HEAD if the refused one was, because the answer then has no body.
// It keeps the fields on which every answer and the access log depend. `lines` are the refused request's complete
// lines, with or without the request line.
std::string stand_in_request(Reason reason, bool is_head, std::string_view lines = {});

// For the router: what to answer, with `Connection: close`. Returns nullptr unless the target is the gate's.
const Refusal* parse_refusal_target(std::string_view target);

}  // namespace ubiety::http::gate
