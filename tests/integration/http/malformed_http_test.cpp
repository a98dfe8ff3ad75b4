#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"

namespace ubiety::test {
namespace {

struct Case {
  const char* what;
  std::string bytes;
  std::vector<int> statuses{400};
};

const std::string body = "{\"device_id\":\"smuggled\"}";

std::vector<Case> cases() {
  using namespace std::string_literals;
  return {
      {"no request line", "GARBAGE\r\n\r\n"},
      {"HTTP/0.9", "GET /health\r\n\r\n"},
      {"two spaces", "GET  /health HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a space in the target", "GET /he alth HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a tab for a space", "GET\t/health\tHTTP/1.1\r\nHost: a\r\n\r\n"},
      {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a relative target", "GET health HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a fragment", "GET /health#top HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"raw UTF-8 in the target", "GET /status/\xC3\xA9 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"NUL in the target", "GET /status/a\0b HTTP/1.1\r\nHost: a\r\n\r\n"s},
      {"no version number", "GET /health HTTP/x.y\r\nHost: a\r\n\r\n"},
      {"another protocol", "GET /health XTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a version not spoken", "GET /health HTTP/9.9\r\nHost: a\r\n\r\n", {400, 505}},
      {"HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}},
      {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\xAB\xCD\r\n\r\n"s},
      {"no Host", "GET /health HTTP/1.1\r\n\r\n"},
      {"two Hosts", "GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
      {"a bad Host", "GET /health HTTP/1.1\r\nHost: a b\r\n\r\n"},
      {"bare LF", "GET /health HTTP/1.1\nHost: a\n\n"},
      {"bare CR", "GET /health HTTP/1.1\r\nHost: a\r\nX: b\rTransfer-Encoding: chunked\r\n\r\n"},
      {"a folded header", "GET /health HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"},
      {"a space before the colon", "GET /health HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n"},
      {"a header without a colon", "GET /health HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"},
      {"a header without a name", "GET /health HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"},
      {"NUL in a header", "GET /health HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"s},
      {"a length that is no number", "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n"},
      {"a negative length", "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"},
      {"a length with a sign", "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: +23\r\n\r\n" + body},
      {"a list of lengths", "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 23, 23\r\n\r\n" + body},
      {"two lengths", "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 23\r\nContent-Length: 22\r\n\r\n" + body},
      {"length and coding",
       "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 23\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunked twice", "POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"},
      {"no coding in the list", "POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,\r\n\r\n"},
      {"chunked not last",
       "POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
       {400, 501}},
      {"an unknown coding",
       "POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
       {400, 501}},
      {"a coding in HTTP/1.0", "POST /status HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"a chunk size that is none",
       "POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n"},
      {"a chunk longer than its size",
       "POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n"},
      {"a chunk size too large",
       "POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
       {400, 413}},
      {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", {405}},
  };
}

class MalformedHttp : public ServiceTest {};

TEST_F(MalformedHttp, gets_an_answer_and_a_close_and_what_follows_never_runs) {
  for (const auto& [what, bytes, statuses] : cases()) {
    SCOPED_TRACE(what);
    const auto device = fresh_device("smuggled");
    HttpClient client(service_.port(), std::chrono::seconds{5});
    try {
      client.send_raw(bytes + format_request("a", "POST", "/status", {}, Report{.device_id = device}.json()));
      const auto response = client.read_response();
      EXPECT_EQ(std::count(statuses.begin(), statuses.end(), response.status), 1) << response.status;
      EXPECT_EQ(response.header("Connection"), "close");
      EXPECT_EQ(response.header("Content-Type"), "application/json");
      EXPECT_FALSE(Json(response.body)["detail"].text().empty());
      EXPECT_EQ(client.read_until_close(), "");
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    EXPECT_EQ(client_.get("/status/" + device).status, 404) << "the smuggled request ran";
  }
}

TEST_F(MalformedHttp, is_answered_with_the_known_methods_when_it_is_a_connect) {
  // The gate's own request, which stands in for this one, is a GET.
  const std::string series = R"(ubiety_http_requests_total{route="other",method="GET",status="405"})";
  const auto counted = [&] {
    const auto metrics = scrape(service_.port());
    const auto found = metrics.find(series);
    return found == metrics.end() ? 0 : found->second;
  };
  const auto before = counted();
  HttpClient client(service_.port());
  client.send_raw("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto response = client.read_response();
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.header("Allow"), "GET, HEAD, POST, PUT, DELETE, OPTIONS");
  EXPECT_TRUE(client.is_closed_by_server());
  EXPECT_EQ(counted(), before + 1);
}

TEST_F(MalformedHttp, leaves_the_answer_before_it_alone) {
  HttpClient client(service_.port());
  client.send_raw(format_request("a", "GET", "/health/live") + "GARBAGE\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 200);
  EXPECT_EQ(client.read_response().status, 400);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(MalformedHttp, is_refused_when_it_ends_too_early) {
  const auto device = fresh_device();
  const auto request = format_request("a", "POST", "/status", {}, Report{.device_id = device}.json());
  for (std::size_t size = 1; size < request.size(); ++size) {
    HttpClient client(service_.port(), std::chrono::seconds{5});
    client.send_raw(request.substr(0, size));
    client.close_sending();
    EXPECT_TRUE(client.read_until_close().starts_with("HTTP/1.1 400 ")) << size;
  }
  EXPECT_EQ(client_.get("/status/" + device).status, 404);
}

TEST_F(MalformedHttp, is_refused_with_a_target_too_long) {
  for (const std::size_t size : {10'000u, 60'000u}) {
    const auto response = HttpClient(service_.port()).get("/status/" + std::string(size, 'x'));
    EXPECT_EQ(response.status, 414);
    EXPECT_FALSE(Json(response.body)["detail"].text().empty());
  }
  EXPECT_EQ(client_.get("/status/" + std::string(4000, 'x')).status, 404);
}

TEST_F(MalformedHttp, is_refused_with_headers_too_large_or_too_many) {
  const auto large = HttpClient(service_.port()).request("GET", "/health", {{"X-Large", std::string(60'000, 'x')}});
  EXPECT_EQ(large.status, 431);
  EXPECT_FALSE(Json(large.body)["detail"].text().empty());
  const auto many = HttpClient(service_.port()).request("GET", "/health", Headers(2000, {"X-Many", "x"}));
  EXPECT_EQ(many.status, 431);
  EXPECT_EQ(client_.request("GET", "/health", {{"X-Fair", std::string(4000, 'x')}}).status, 200);
}

TEST_F(MalformedHttp, is_answered_after_megabytes_of_headers_too) {
  HttpClient client(service_.port());
  try {
    client.send_raw(format_request("a", "GET", "/health", {{"X-Large", std::string(8 * 1024 * 1024, 'x')}}));
  } catch (const ConnectionClosed&) {
    // The server need not read all of it.
  }
  EXPECT_EQ(client.read_response().status, 431);
}

}  // namespace
}  // namespace ubiety::test
