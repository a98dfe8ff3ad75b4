// The limits of a request, and the grammar of its head: the character classes of RFC 9110 and RFC 3986 as one table,
// how a scan reports what it found, the request line (RFC 9112, 3) and the authority. Pure functions, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "domain/text.hpp"
#include "http/http1/refusal.hpp"

namespace ubiety::http::gate {

// How large a request may be. Constant once the server has started. RESTinio closes the connection without an answer at
// its own limits, so those must be wider. http_parser accepts at most 80 KiB of head.
struct GateLimits {
  std::size_t max_target_bytes = 8 * 1024;     // else 414
  std::size_t max_head_bytes = 16 * 1024;      // request line, fields and blank line together; else 431
  std::size_t max_header_count = 100;          // else 431
  std::uint32_t max_body_bytes = 1024 * 1024;  // without the chunked coding; else 413

  // One path, without its query, may have another limit for its bodies; no path has when this is empty.
  std::string_view special_path{};
  std::uint32_t special_max_body_bytes = 0;

  // For a target in any form. A longer path with the same end has the special limit as well, and is answered 404.
  std::uint32_t max_body_bytes_of(std::string_view target) const {
    const bool is_special = !special_path.empty() && target.substr(0, target.find('?')).ends_with(special_path);
    return is_special ? special_max_body_bytes : max_body_bytes;
  }

  // Whether RESTinio's max_pipelined_requests is 1, so that it reads only when every earlier answer is out. Then
  // "100 Continue" can be sent for any request, else only for the first of a connection, where it cannot fall into the
  // middle of an answer.
  bool one_request_at_a_time = false;
};

enum class Progress : std::uint8_t { more, done, refused };

// The result of a scan; `reason` counts only if the scan refused.
struct Scan {
  Progress progress;
  Reason reason = Reason::truncated;
};

constexpr Scan scan_more() { return {Progress::more}; }
constexpr Scan scan_done() { return {Progress::done}; }
constexpr Scan scan_refused(Reason reason) { return {Progress::refused, reason}; }

namespace character {

enum Class : std::uint8_t {
  token = 1,        // RFC 9110, 5.6.2
  target = 2,       // visible ASCII but `#`: a request has no fragment (RFC 9112, 3.2)
  field_value = 4,  // RFC 9110, 5.5: visible ASCII, SP, HTAB, obs-text
  host = 8,         // RFC 3986, 3.2.2: reg-name, `%` included
  hex = 16,
  digit = 32,
  quoted_text = 64,  // RFC 9110, 5.6.4: in a quoted-string without a backslash
};

constexpr std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool is_visible = ascii::is_visible(c);
    const bool is_host =
        ascii::is_alphanumeric(c) || std::string_view("-._~!$&'()*+,;=%").find(c) != std::string_view::npos;
    unsigned classes = 0;
    if (ascii::is_token(c)) classes |= token;
    if (is_visible && c != '#') classes |= target;
    if (is_visible || c == ' ' || c == '\t' || i >= 0x80) classes |= field_value;
    if (is_host) classes |= host;
    if (hexadecimal_value(c) >= 0) classes |= hex;
    if (ascii::is_digit(c)) classes |= digit;
    if ((classes & field_value) != 0 && c != '"' && c != '\\') classes |= quoted_text;
    table[i] = static_cast<std::uint8_t>(classes);
  }
  return table;
}

inline constexpr std::array<std::uint8_t, 256> table = make_table();

constexpr bool is(char c, Class wanted) { return (table[static_cast<unsigned char>(c)] & wanted) != 0; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Returns the first character from `at` on that is not in the class.
constexpr const char* skip(const char* at, const char* end, Class wanted) {
  while (at != end && is(*at, wanted)) ++at;
  return at;
}

}  // namespace character

// Refuses the character at `at`: a stray line end or control character with a reason of its own, any other one with
// `otherwise`. A CR at the end of the input may still become a line end.
constexpr Scan refuse_at(const char* at, const char* end, Reason otherwise) {
  if (*at == '\n') return scan_refused(Reason::bare_lf);
  if (*at == '\r') {
    if (at + 1 == end) return scan_more();
    return scan_refused(at[1] == '\n' ? otherwise : Reason::bare_cr);
  }
  return scan_refused(ascii::is_control(*at) && *at != '\t' ? Reason::control_character : otherwise);
}

// Expects a line end at `at`, and returns scan_done() if it is complete.
constexpr Scan expect_line_end(const char* at, const char* end, Reason otherwise) {
  if (at == end) return scan_more();
  if (*at != '\r' || at + 1 == end || at[1] != '\n') return refuse_at(at, end, otherwise);
  return scan_done();
}

// Whether a Host value, or the authority of an absolute target, is valid: host [ ":" port ] of RFC 3986, 3.2.2, without
// user information. An empty host is not valid for http (RFC 9110, 4.2.1).
bool is_valid_authority(std::string_view authority);

struct RequestLine {
  std::size_t target_at = 0;  // where the target begins; 0 until the method was read
  std::size_t target_size = 0;
  std::size_t length = 0;  // with the line end
  bool is_head = false;
  bool is_http_1_0 = false;
};

// Reads the line that begins at `begin`. May be called again with more of the line.
Scan scan_request_line(const char* begin, const char* end, std::size_t max_target_bytes, RequestLine& line);

}  // namespace ubiety::http::gate
