// The character classes of RFC 9110 and RFC 3986 as one table, and how a scan says what it found.
// Pure functions over static data, for any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "http/http1/refusal.hpp"

namespace ubiety::http::gate {

enum class Progress : std::uint8_t { more, done, refused };

// What a scan came to; `reason` counts only if it refused.
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
  target = 2,       // visible ASCII but `#`, which begins a fragment: never part of a request (RFC 9112, 3.2)
  field_value = 4,  // RFC 9110, 5.5: visible ASCII, SP, HTAB, obs-text
  host = 8,         // RFC 3986, 3.2.2: reg-name, `%` included
  hex = 16,
  digit = 32,
  quoted_text = 64,  // RFC 9110, 5.6.4: what stands in a quoted-string without a backslash
};

constexpr bool is_in(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

constexpr std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_alnum = is_digit || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_visible = i > 0x20 && i < 0x7F;
    unsigned classes = 0;
    if (is_alnum || is_in("!#$%&'*+-.^_`|~", c)) classes |= token;
    if (is_visible && c != '#') classes |= target;
    if (is_visible || c == ' ' || c == '\t' || i >= 0x80) classes |= field_value;
    if (is_alnum || is_in("-._~!$&'()*+,;=%", c)) classes |= host;
    if (is_digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) classes |= hex;
    if (is_digit) classes |= digit;
    if ((classes & field_value) != 0 && c != '"' && c != '\\') classes |= quoted_text;
    table[i] = static_cast<std::uint8_t>(classes);
  }
  return table;
}

inline constexpr std::array<std::uint8_t, 256> table = make_table();

constexpr bool is(char c, Class wanted) { return (table[static_cast<unsigned char>(c)] & wanted) != 0; }
constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// The first character from `at` on that is not of the class.
constexpr const char* skip(const char* at, const char* end, Class wanted) {
  while (at != end && is(*at, wanted)) ++at;
  return at;
}

constexpr bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (to_lower(text[i]) != lower[i]) return false;
  }
  return true;
}

}  // namespace character

// Refuses the character at `at`, where a line could not go on: a stray line end or control by its own reason, all else
// by `otherwise`. A CR at the end of the input may yet be half a line end.
constexpr Scan refuse_at(const char* at, const char* end, Reason otherwise) {
  if (*at == '\n') return scan_refused(Reason::bare_lf);
  if (*at == '\r') {
    if (at + 1 == end) return scan_more();
    return scan_refused(at[1] == '\n' ? otherwise : Reason::bare_cr);
  }
  return scan_refused(character::is_control(*at) && *at != '\t' ? Reason::control_character : otherwise);
}

// Expects the line end at `at`, and gives scan_done() if all of it is there.
constexpr Scan expect_line_end(const char* at, const char* end, Reason otherwise) {
  if (at == end) return scan_more();
  if (*at != '\r' || at + 1 == end || at[1] != '\n') return refuse_at(at, end, otherwise);
  return scan_done();
}

}  // namespace ubiety::http::gate
