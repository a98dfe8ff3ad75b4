#include <gtest/gtest.h>

#include <algorithm>

#include "integration/http/shared_service.hpp"

namespace ubiety::test {
namespace {

// One request for every kind of answer.
const std::vector<std::string> requests{
    "GET /health HTTP/1.1\r\nHost: a\r\n",
    "GET /health/live HTTP/1.1\r\nHost: a\r\n",
    "GET /status/summary HTTP/1.1\r\nHost: a\r\n",
    "GET /status/never-seen HTTP/1.1\r\nHost: a\r\n",
    "GET /status/%zz HTTP/1.1\r\nHost: a\r\n",
    "GET /status/a/history?limit=x HTTP/1.1\r\nHost: a\r\n",
    "GET /unknown HTTP/1.1\r\nHost: a\r\n",
    "DELETE /status HTTP/1.1\r\nHost: a\r\n",
    "OPTIONS /status HTTP/1.1\r\nHost: a\r\n",
    "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n",
    "POST /status HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n",
    "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n",
    "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\nHost: a\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(60'000, 'x') + "\r\n",
    "GET / HTTP/1.1\r\nno header\r\n",
    "GET / HTTP/1.1\r\n"};

// What the gate refuses, each with the status. Its other fields stand in front of the fault and behind it.
const std::vector<std::pair<std::string, int>> refused{
    {"GET /health HTTP/1.1\r\nHost: a\r\nno field\r\n", 400},
    {"GET health HTTP/1.1\r\nHost: a\r\n", 400},
    {"GET /health HTTP/1.1\r\n", 400},
    {"GET /health HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n", 400},
    {"POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n", 400},
    {"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n", 405},
    {"POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n", 413},
    {"GET /" + std::string(10'000, 'x') + " HTTP/1.1\r\nHost: a\r\n", 414},
    {"POST /status HTTP/1.1\r\nHost: a\r\nExpect: more\r\nContent-Length: 2\r\n", 417},
    {"BREW /health HTTP/1.1\r\nHost: a\r\n", 501},
    {"GET /health HTTP/3.0\r\nHost: a\r\n", 505}};

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

class ResponseHeaders : public ServiceTest {
 protected:
  HttpResponse ask(const std::string& head) {
    HttpClient client(service_.port());
    client.send_raw(head + "\r\n");
    return client.read_response();
  }
  std::string id_for(std::string_view id) {
    return client_.request("GET", "/health/live", {{"X-Request-ID", std::string(id)}}).header("X-Request-ID");
  }
};

TEST_F(ResponseHeaders, protect_the_browser) {
  for (const auto& request : requests) {
    SCOPED_TRACE(request.substr(0, 80));
    const auto response = ask(request);
    EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response.header("X-Frame-Options"), "DENY");
    EXPECT_EQ(response.header("X-XSS-Protection"), "1; mode=block");
    // Over plain HTTP a browser must ignore it, and a proxy that speaks TLS has its own.
    EXPECT_EQ(response.count("Strict-Transport-Security"), 0u);
  }
}

TEST_F(ResponseHeaders, name_the_request) {
  std::vector<std::string> ids;
  for (int round = 0; round < 2; ++round)
    for (const auto& request : requests) {
      SCOPED_TRACE(request.substr(0, 80));
      const auto id = ask(request).header("X-Request-ID");
      EXPECT_GE(id.size(), 8u);
      EXPECT_LE(id.size(), 128u);
      EXPECT_TRUE(is_visible_ascii(id)) << id;
      ids.push_back(id);
    }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end()) << "ids repeat";
}

TEST_F(ResponseHeaders, keep_the_name_that_the_request_has) {
  for (const auto& id : {std::string("a"), std::string("7f3c-42"), std::string("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
                         std::string(128, 'x')})
    EXPECT_EQ(id_for(id), id);
  // For errors as well, and whatever the case of the name.
  EXPECT_EQ(client_.request("GET", "/unknown", {{"x-request-id", "mine"}}).header("X-Request-ID"), "mine");
  EXPECT_EQ(client_.request("POST", "/status", {{"X-REQUEST-ID", "mine"}}).header("X-Request-ID"), "mine");
}

TEST_F(ResponseHeaders, keep_the_name_of_what_is_refused) {
  const std::string name = "X-Request-ID: mine\r\n";
  for (const auto& [head, status] : refused) {
    SCOPED_TRACE(head.substr(0, 80));
    const auto first_line = head.find("\r\n") + 2;
    for (const auto& request : {head + name, head.substr(0, first_line) + name + head.substr(first_line)}) {
      const auto response = ask(request);
      EXPECT_EQ(response.status, status);
      EXPECT_EQ(response.header("X-Request-ID"), "mine");
    }
  }
  // Too much of the body says so only after the head.
  EXPECT_EQ(ask("POST /status HTTP/1.1\r\nHost: a\r\n" + name + "Transfer-Encoding: chunked\r\n\r\nfffff\r\n")
                .header("X-Request-ID"),
            "mine");
}

TEST_F(ResponseHeaders, say_when) {
  for (const auto& request : requests)
    EXPECT_TRUE(ask(request).header("Date").ends_with(" GMT")) << request.substr(0, 80);
}

TEST_F(ResponseHeaders, go_without_a_body_for_a_refused_head) {
  HttpClient client(service_.port());
  client.send_raw("HEAD /" + std::string(10'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_response(true).status, 414);
  EXPECT_EQ(client.read_until_close(), "");
}

TEST_F(ResponseHeaders, replace_a_name_that_is_none) {
  for (const auto& id : {std::string(), std::string(129, 'x'), std::string("two words"), std::string("a\tb"),
                         std::string("caf\xC3\xA9"), std::string("\xFF")}) {
    SCOPED_TRACE(id);
    const auto given = id_for(id);
    EXPECT_NE(given, id);
    EXPECT_FALSE(given.empty());
    EXPECT_TRUE(is_visible_ascii(given)) << given;
  }
}

}  // namespace
}  // namespace ubiety::test
