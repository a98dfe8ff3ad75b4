#include "http/http1/head_grammar.hpp"

#include <array>

namespace ubiety::http::gate {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t max_port_digits = 5;

bool is_port(std::string_view text) {
  if (text.size() > max_port_digits) return false;
  for (const char c : text) {
    if (!character::is(c, character::digit)) return false;
  }
  return true;
}

// A rough check of an IPv6 address. Zones and future address formats are refused.
bool is_address_in_brackets(std::string_view text) {
  if (text.find(':') == std::string_view::npos) return false;
  for (const char c : text) {
    if (!character::is(c, character::hex) && c != ':' && c != '.') return false;
  }
  return true;
}

// The methods of http_parser 2.9.4, frequent ones first. It closes the connection without an answer to any other.
constexpr std::array methods{
    "GET"sv,       "POST"sv,        "HEAD"sv,       "PUT"sv,   "DELETE"sv,   "OPTIONS"sv, "PATCH"sv,
    "TRACE"sv,     "CONNECT"sv,     "COPY"sv,       "LOCK"sv,  "MKCOL"sv,    "MOVE"sv,    "PROPFIND"sv,
    "PROPPATCH"sv, "SEARCH"sv,      "UNLOCK"sv,     "BIND"sv,  "REBIND"sv,   "UNBIND"sv,  "ACL"sv,
    "REPORT"sv,    "MKACTIVITY"sv,  "CHECKOUT"sv,   "MERGE"sv, "M-SEARCH"sv, "NOTIFY"sv,  "SUBSCRIBE"sv,
    "PURGE"sv,     "UNSUBSCRIBE"sv, "MKCALENDAR"sv, "LINK"sv,  "UNLINK"sv,   "SOURCE"sv};

// A longer method is unknown before it is complete.
constexpr std::size_t max_method_bytes = 64;

bool is_known(std::string_view method) {
  for (const std::string_view known : methods) {
    if (known == method) return true;
  }
  return false;
}

// RFC 9112, 3.2.2: a server must accept the absolute form.
bool is_absolute(std::string_view target) {
  const std::size_t colon = target.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view scheme = target.substr(0, colon);
  if (!ascii::equal_ignoring_case(scheme, "http") && !ascii::equal_ignoring_case(scheme, "https")) {
    return false;
  }
  const std::string_view rest = target.substr(colon + 1);
  if (rest.substr(0, 2) != "//") return false;
  return is_valid_authority(rest.substr(2, rest.find_first_of("/?", 2) - 2));
}

Scan check_target(std::string_view method, std::string_view target) {
  if (method == "CONNECT") return scan_refused(Reason::connect);
  if (target.front() == '/') return scan_done();
  if (target == "*" && method == "OPTIONS") return scan_done();  // RFC 9112, 3.2.4
  return is_absolute(target) ? scan_done() : scan_refused(Reason::bad_target);
}

enum class Version { http_1_0, http_1_1, other, none };

// In capitals, with one digit each (RFC 9112, 2.3).
Version version_of(std::string_view text) {
  if (text == "HTTP/1.1") return Version::http_1_1;
  if (text == "HTTP/1.0") return Version::http_1_0;
  const bool is_version = text.size() == 8 && text.substr(0, 5) == "HTTP/" &&
                          character::is(text[5], character::digit) && text[6] == '.' &&
                          character::is(text[7], character::digit);
  return is_version ? Version::other : Version::none;
}

std::size_t distance(const char* from, const char* to) { return static_cast<std::size_t>(to - from); }

}  // namespace

bool is_valid_authority(std::string_view authority) {
  std::size_t at = 0;
  if (!authority.empty() && authority[0] == '[') {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos || !is_address_in_brackets(authority.substr(1, close - 1))) return false;
    at = close + 1;
  } else {
    while (at < authority.size() && character::is(authority[at], character::host)) {
      if (authority[at] == '%') {
        if (authority.size() - at < 3) return false;
        if (!character::is(authority[at + 1], character::hex)) return false;
        if (!character::is(authority[at + 2], character::hex)) return false;
        at += 2;
      }
      ++at;
    }
    if (at == 0) return false;
  }
  if (at == authority.size()) return true;
  return authority[at] == ':' && is_port(authority.substr(at + 1));
}

Scan scan_request_line(const char* begin, const char* end, std::size_t max_target_bytes, RequestLine& line) {
  const char* at = character::skip(begin, end, character::token);
  const std::string_view method(begin, distance(begin, at));
  if (method.size() > max_method_bytes) return scan_refused(Reason::unknown_method);
  if (at == end) return scan_more();
  if (*at != ' ' || method.empty()) return refuse_at(at, end, Reason::bad_request_line);
  line.is_head = method == "HEAD";

  const char* const target_begin = ++at;
  line.target_at = distance(begin, target_begin);
  at = character::skip(at, end, character::target);
  const std::string_view target(target_begin, distance(target_begin, at));
  if (target.size() > max_target_bytes) return scan_refused(Reason::target_too_long);
  if (at == end) return scan_more();
  if (*at != ' ') return refuse_at(at, end, *at == '\r' ? Reason::bad_request_line : Reason::bad_target);
  if (target.empty()) return scan_refused(Reason::bad_request_line);
  line.target_size = target.size();

  const char* const version_begin = ++at;
  at = character::skip(at, end, character::target);
  const Scan line_end = expect_line_end(at, end, Reason::bad_request_line);
  if (line_end.progress != Progress::done) return line_end;
  line.length = distance(begin, at) + 2;

  const Version version = version_of({version_begin, distance(version_begin, at)});
  if (version == Version::none) return scan_refused(Reason::bad_request_line);
  if (version == Version::other) return scan_refused(Reason::unknown_version);
  if (!is_known(method)) return scan_refused(Reason::unknown_method);
  line.is_http_1_0 = version == Version::http_1_0;
  return check_target(method, target);
}

}  // namespace ubiety::http::gate
