// Messages, each with the gate's verdict. A message has at most one fault, so the verdict does not depend on how the
// bytes are divided into reads. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/http1/head_grammar.hpp"
#include "http/http1/refusal.hpp"

namespace ubiety::http::gate {

struct GateCase {
  std::string input;
  std::optional<Reason> refusal = std::nullopt;
  std::string output = input;  // the message that the gate passes on
};

// Small limits, so that there is a short case for each.
inline GateLimits case_limits() {
  GateLimits limits;
  limits.max_target_bytes = 200;
  limits.max_head_bytes = 600;
  limits.max_header_count = 10;
  limits.max_body_bytes = 100;
  limits.special_path = "/special";
  limits.special_max_body_bytes = 200;
  return limits;
}

inline std::string get_with(const std::string& fields) { return "GET /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n"; }
inline std::string line(const std::string& request_line) { return request_line + "\r\nHost: x\r\n\r\n"; }
inline std::string host(const std::string& value) { return "GET / HTTP/1.1\r\nHost:" + value + "\r\n\r\n"; }
inline std::string chunked(const std::string& body) {
  return "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
}
// The form in which the gate passes on a chunked message. The digits end where the coding's line ended.
inline std::string with_length(const std::string& digits, const std::string& body) {
  return "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length:" + std::string(11 - digits.size(), ' ') + digits + "\r\n\r\n" +
         body;
}
inline std::string post_of(const std::string& target, std::size_t length) {
  return "POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" +
         std::string(length, 'b');
}
inline std::string times(std::size_t count, const std::string& what) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += what;
  return result;
}

inline std::vector<GateCase> good_cases() {
  using namespace std::string_literals;
  const std::string every_target_character = "/!\"$%&'()*+,-./0123456789:;<=>?@AZ[\\]^_`az{|}~";
  return {
      {get_with("")},
      {"GET / HTTP/1.0\r\n\r\n"},
      {post_of("/a", 100)},
      {post_of("/special", 200)},
      {post_of("/special?a=b", 200)},
      {post_of("http://x/special", 200)},
      {"GET / HTTP/1.0\r\nHost: x\r\n\r\n"},
      {"\r\n" + get_with("")},
      {line("HEAD / HTTP/1.1")},
      {line("DELETE /a?b=c&d HTTP/1.1")},
      {line("M-SEARCH / HTTP/1.1")},
      {line("MKCALENDAR / HTTP/1.1")},
      {line("SOURCE / HTTP/1.1")},
      {line("UNSUBSCRIBE / HTTP/1.1")},
      {line("OPTIONS * HTTP/1.1")},
      {line("OPTIONS / HTTP/1.1")},
      {line("GET //a HTTP/1.1")},
      {line("GET /%00%zz HTTP/1.1")},
      {line("GET " + every_target_character + " HTTP/1.1")},
      {line("GET /*400/bare-lf HTTP/1.1")},
      {line("GET /" + times(199, "a") + " HTTP/1.1")},
      {line("GET http://x/a?b HTTP/1.1")},
      {line("GET http://x HTTP/1.1")},
      {line("GET HTTPS://x:8080?b HTTP/1.1")},
      {line("GET http://[::1]:80/ HTTP/1.1")},
      {host(" example.org")},
      {host("example.org:8080 \t")},
      {host("\t127.0.0.1:")},
      {host(" [2001:db8::1]:443")},
      {host(" a_b-c.d~e%2F")},
      {get_with("X:\r\n")},
      {get_with("X: \t \r\n")},
      {get_with("X: a\tb \xC3\xA4\xFF\r\n")},
      {get_with("X: a value of more than eight bytes\tand more of them\r\n")},
      {get_with("!#$%&'*+-.^_`|~09azAZ: x\r\n")},
      {get_with(times(9, "A: b\r\n"))},
      {get_with("A: " + times(567, "b") + "\r\n")},
      {get_with("Content-Length: 0\r\n")},
      {get_with("Content-Length: 5\r\n") + "hello"},
      {get_with("content-length:\t5\t \r\n") + "hello", {}, get_with("content-length:\t5  \r\n") + "hello"},
      {get_with("Content-Length: 0000000000000000000000000005\r\n") + "\r\n\0\xFF\r"s},
      {get_with("Content-Length: 100\r\n") + times(100, "b")},
      {get_with("Expect: 100-Continue\r\nContent-Length: 1\r\n") + "a"},
      {get_with("Expect: , 100-continue,\r\nExpect:\r\nContent-Length: 1\r\n") + "a"},
      {line("POST /a HTTP/1.1")},
      {line("POST /a HTTP/1.0")},
      {"POST /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"},
      {get_with("Connection: Upgrade\r\nUPGRADE: websocket\r\n"),
       {},
       get_with("Connection:        \r\nIgnored: websocket\r\n")},
      {get_with("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"),
       {},
       get_with("Ignored: h2c\r\nConnection:                        \r\n"
                "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n")},
      {get_with("Connection: close\r\n")},
      {get_with("Connection: Keep-Alive\r\n"), {}, get_with("Connection: keep-alive\r\n")},
      {get_with("Connection:, close\r\n"), {}, get_with("Connection:close  \r\n")},
      {get_with("connection: TE,\tClose\t,\r\n"), {}, get_with("connection: close      \r\n")},
      {get_with("Connection: keep-alive, close\r\n"), {}, get_with("Connection: close            \r\n")},
      {get_with("Connection: closed\r\n"), {}, get_with("Connection:       \r\n")},
      {get_with("Connection:\r\n")},
      {chunked("0\r\n\r\n"), {}, with_length("0", "")},
      {chunked("5\r\nhello\r\n0\r\n\r\n"), {}, with_length("5", "hello")},
      {chunked("1\r\nh\r\n004\r\n\r\n\r\n\r\n00\r\n\r\n"), {}, with_length("5", "h\r\n\r\n")},
      {chunked("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n"), {}, with_length("20", "01234567890123456789")},
      {chunked("64\r\n" + times(100, "b") + "\r\n0\r\n\r\n"), {}, with_length("100", times(100, "b"))},
      {chunked("1 ; a = b\t;c=\"d\\\" \xFF;\" ;e\r\nx\r\n0;f=\"\"\r\n\r\n"), {}, with_length("1", "x")},
      {chunked("1\r\nx\r\n0\r\nA: b\r\nContent-Length: 7\r\nB:\r\n\r\n"), {}, with_length("1", "x")},
      {"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:, ,chunked\t,\r\n\r\n0\r\n\r\n",
       {},
       "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length:              0\r\n\r\n"},
      {"POST /a HTTP/1.1\r\ntransfer-encoding:\t CHUNKED \t\r\nHost: x\r\n\r\n2\r\nab\r\n0\r\n\r\n",
       {},
       "POST /a HTTP/1.1\r\nContent-Length:             2\r\nHost: x\r\n\r\nab"},
  };
}

inline std::vector<GateCase> bad_cases() {
  using namespace std::string_literals;
  using enum Reason;
  return {
      {"GET / HTTP/1.1\nHost: x\r\n\r\n", bare_lf},
      {"GET / HTTP/1.1\r\nHost: x\n\r\n", bare_lf},
      {"GET / HTTP/1.1\r\nHost: x\r\n\n", bare_lf},
      {"\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", bare_lf},
      {get_with("A\n: b\r\n"), bare_lf},
      {get_with("A: b\rTransfer-Encoding: chunked\r\n"), bare_cr},
      {get_with("A: b\r\r\n"), bare_cr},
      {get_with("A\r: b\r\n"), bare_cr},
      {"GET / HTTP/1.1\r\nHost: x\r\n\r\r\n", bare_cr},
      {"GET /\r HTTP/1.1\r\nHost: x\r\n\r\n", bare_cr},
      {"GET\r / HTTP/1.1\r\nHost: x\r\n\r\n", bare_cr},
      {"\rGET / HTTP/1.1\r\nHost: x\r\n\r\n", bare_cr},
      {get_with("A: b\0c\r\n"s), control_character},
      {get_with("A: b\x7F\r\n"), control_character},
      {get_with("A\0: b\r\n"s), control_character},
      {get_with("A: 0123456789\x1F"
                "0123456789\r\n"),
       control_character},
      {line("GET /\0 HTTP/1.1"s), control_character},
      {line("GE\x01T / HTTP/1.1"), control_character},
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", control_character},
      {"\r\n\r\n" + line("GET / HTTP/1.1"), bad_request_line},
      {line("GET"), bad_request_line},
      {line("GET /"), bad_request_line},
      {line("GET  / HTTP/1.1"), bad_request_line},
      {line("GET /  HTTP/1.1"), bad_request_line},
      {line("GET / HTTP/1.1 "), bad_request_line},
      {line(" GET / HTTP/1.1"), bad_request_line},
      {line("GET\t/ HTTP/1.1"), bad_request_line},
      {line("GET / a HTTP/1.1"), bad_request_line},
      {line("G(T / HTTP/1.1"), bad_request_line},
      {line("GET / http/1.1"), bad_request_line},
      {line("GET / HTTP/1"), bad_request_line},
      {line("GET / HTTP/1.10"), bad_request_line},
      {line("GET / HTTP/01.1"), bad_request_line},
      {line("GET / HTTP 1.1"), bad_request_line},
      {line("GET / HTTPS/1.1"), bad_request_line},
      {line("GET / ICE/1.0"), bad_request_line},
      {line("GET a HTTP/1.1"), bad_target},
      {line("GET * HTTP/1.1"), bad_target},
      {line("GET *400/bare-lf HTTP/1.1"), bad_target},
      {line("OPTIONS *400/bare-lf HTTP/1.1"), bad_target},
      {line("GET /a#b HTTP/1.1"), bad_target},
      {line("GET /\xC3\xA4 HTTP/1.1"), bad_target},
      {line("GET /a\tb HTTP/1.1"), bad_target},
      {line("GET ftp://x/ HTTP/1.1"), bad_target},
      {line("GET http:/x HTTP/1.1"), bad_target},
      {line("GET http:///x HTTP/1.1"), bad_target},
      {line("GET http://a@x/ HTTP/1.1"), bad_target},
      {line("GET http://x:y/ HTTP/1.1"), bad_target},
      {line("GET x:80 HTTP/1.1"), bad_target},
      {line("CONNECT x:80 HTTP/1.1"), connect},
      {line("CONNECT / HTTP/1.1"), connect},
      {get_with("A : b\r\n"), bad_field_name},
      {get_with("A\t: b\r\n"), bad_field_name},
      {get_with("A\r\n"), bad_field_name},
      {get_with(": b\r\n"), bad_field_name},
      {get_with("A(: b\r\n"), bad_field_name},
      {get_with("\xC3\xA4: b\r\n"), bad_field_name},
      {get_with("Transfer-Encoding : chunked\r\n"), bad_field_name},
      {get_with("Transfer-Encoding-: chunked\r\n"), bad_field_name},
      {get_with(" A: b\r\n"), folded_field},
      {get_with("A: b\r\n\tc\r\n"), folded_field},
      {"GET / HTTP/1.1\r\n Host: x\r\n\r\n", folded_field},
      {"GET / HTTP/1.1\r\n\r\n", missing_host},
      {"GET http://x/ HTTP/1.1\r\n\r\n", missing_host},
      {get_with("Host: x\r\n"), repeated_host},
      {"GET / HTTP/1.0\r\nHost: x\r\nhost: y\r\n\r\n", repeated_host},
      {host(""), bad_host},
      {host(" a b"), bad_host},
      {host(" a/b"), bad_host},
      {host(" a@b"), bad_host},
      {host(" a:b"), bad_host},
      {host(" :80"), bad_host},
      {host(" a:80:80"), bad_host},
      {host(" a:123456"), bad_host},
      {host(" a%2"), bad_host},
      {host(" a%2g"), bad_host},
      {host(" [::1"), bad_host},
      {host(" [::1]a"), bad_host},
      {host(" [1]"), bad_host},
      {host(" [::g]"), bad_host},
      {host(" \xC3\xA4"), bad_host},
      {get_with("Content-Length:\r\n"), bad_content_length},
      {get_with("Content-Length: +5\r\n"), bad_content_length},
      {get_with("Content-Length: -5\r\n"), bad_content_length},
      {get_with("Content-Length: 0x5\r\n"), bad_content_length},
      {get_with("Content-Length: 5 5\r\n"), bad_content_length},
      {get_with("Content-Length: 5, 5\r\n"), bad_content_length},
      {get_with("Content-Length: , 5\r\n"), bad_content_length},
      {get_with("Content-Length: 5.0\r\n"), bad_content_length},
      {get_with("Content-Length: 5\r\nContent-Length: 5\r\n"), repeated_content_length},
      {get_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), length_and_coding},
      {get_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), length_and_coding},
      {get_with("Transfer-Encoding:\r\n"), bad_transfer_coding},
      {get_with("Transfer-Encoding: gzip\r\n"), bad_transfer_coding},
      {get_with("Transfer-Encoding: identity\r\n"), bad_transfer_coding},
      {get_with("Transfer-Encoding: xchunked\r\n"), bad_transfer_coding},
      {get_with("Transfer-Encoding: chunked;a=b\r\n"), bad_transfer_coding},
      {get_with("Transfer-Encoding: chunked, gzip\r\n"), bad_transfer_coding},
      {get_with("Transfer-Encoding: ,\r\n"), bad_transfer_coding},
      {get_with("Transfer-Encoding: chunked, ,gzip ,\r\n"), bad_transfer_coding},
      {get_with("Transfer-Encoding: chunked, chunked\r\n"), chunked_twice},
      {get_with("Transfer-Encoding: Chunked,,chunked, gzip\r\n"), chunked_twice},
      {get_with("Transfer-Encoding: gzip, chunked\r\n"), unknown_transfer_coding},
      {get_with("Transfer-Encoding: , gzip, , chunked ,\r\n"), unknown_transfer_coding},
      {get_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), repeated_transfer_coding},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", coding_in_http_1_0},
      {get_with("Content-Length: 101\r\n"), body_too_large},
      {post_of("/special", 201), body_too_large},
      {post_of("/specials", 101), body_too_large},
      {post_of("/a?/special", 101), body_too_large},
      {"POST /special HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nc9\r\n", body_too_large},
      {get_with("Content-Length: 18446744073709551617\r\n"), body_too_large},
      {get_with("Content-Length: 99999999999999999999999999999\r\n"), body_too_large},
      {line("GET /" + times(200, "a") + " HTTP/1.1"), target_too_long},
      {line("GET /" + times(900, "a") + " HTTP/1.1"), target_too_long},
      {get_with("Expect: 200-ok\r\n"), unknown_expectation},
      {get_with("Expect: 100-continue, 200-ok\r\n"), unknown_expectation},
      {get_with(times(10, "A: b\r\n")), too_many_fields},
      {get_with("A: " + times(568, "b") + "\r\n"), head_too_large},
      {get_with("A: " + times(5000, "b") + "\r\n"), head_too_large},
      {line("GETS / HTTP/1.1"), unknown_method},
      {line("get / HTTP/1.1"), unknown_method},
      {line(times(100, "A") + " / HTTP/1.1"), unknown_method},
      {line("GET / HTTP/0.9"), unknown_version},
      {line("GET / HTTP/1.2"), unknown_version},
      {line("GET / HTTP/9.9"), unknown_version},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", unknown_version},
      {chunked("\r\n"), bad_chunk},
      {chunked("g\r\n"), bad_chunk},
      {chunked(" 1\r\n"), bad_chunk},
      {chunked("0x1\r\n"), bad_chunk},
      {chunked("-1\r\n"), bad_chunk},
      {chunked("1 \r\n"), bad_chunk},
      {chunked("1\n"), bad_chunk},
      {chunked("1\rx"), bad_chunk},
      {chunked("1\r\nxx"), bad_chunk},
      {chunked("1\r\nx\n"), bad_chunk},
      {chunked("1\r\nx\r0"), bad_chunk},
      {chunked("00000000000000001\r\nx"), bad_chunk},
      {chunked("1;\r\n"), bad_chunk},
      {chunked("1;a \r\n"), bad_chunk},
      {chunked("1;a=\r\n"), bad_chunk},
      {chunked("1;a=(\r\n"), bad_chunk},
      {chunked("1;a=\"b\r\n"), bad_chunk},
      {chunked("1;a=\"b\"c\r\n"), bad_chunk},
      {chunked("1;a=\"\\\x01\r\n"), bad_chunk},
      {chunked("1;a\n"), bad_chunk},
      {chunked("0\r\nA : b\r\n"), bad_chunk},
      {chunked("0\r\n A: b\r\n"), bad_chunk},
      {chunked("0\r\nA: b\n"), bad_chunk},
      {chunked("0\r\nA: \x01"), bad_chunk},
      {chunked("0\r\nA: b\rc"), bad_chunk},
      {chunked("0\r\n\rx"), bad_chunk},
      {chunked("1;" + times(5000, "a") + "\r\n"), chunk_extensions_too_large},
      {chunked("65\r\n"), body_too_large},
      {chunked("ffffffffffffffff\r\n"), body_too_large},
      {chunked("ffffffffffffffffffff\r\n"), body_too_large},
      {chunked("64\r\n" + times(100, "b") + "\r\n1\r\n"), body_too_large},
      {chunked("0\r\nA: " + times(700, "b")), head_too_large},
      {chunked("0\r\n" + times(11, "A: b\r\n")), too_many_fields},
  };
}

}  // namespace ubiety::http::gate
