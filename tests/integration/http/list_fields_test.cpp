// RFC 9110, 5.3: several lines of a field are one list.
#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/gunzip.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class ListField : public ServiceTest {};

TEST_F(ListField, is_joined_from_lines_of_if_none_match) {
  for (const auto* const target : {"/status/summary?prefix=nobody", "/openapi.json"}) {
    const auto tag = client_.get(target).header("ETag");
    EXPECT_EQ(client_.request("GET", target, {{"If-None-Match", "\"a\""}, {"If-None-Match", tag}}).status, 304);
    EXPECT_EQ(client_.request("GET", target, {{"If-None-Match", "\"a\""}, {"If-None-Match", "\"b\""}}).status, 200);
  }
}

TEST_F(ListField, is_joined_from_lines_of_accept_encoding) {
  for (const auto* const target : {"/status/summary", "/openapi.json"}) {
    const auto coding_for = [&](const Headers& accepted) {
      return client_.request("GET", target, accepted).header("Content-Encoding");
    };
    EXPECT_EQ(coding_for({{"Accept-Encoding", "br"}, {"Accept-Encoding", "gzip"}}), "gzip");
    EXPECT_EQ(coding_for({{"Accept-Encoding", "*"}, {"Accept-Encoding", "gzip;q=0"}}), "");
  }
}

TEST_F(ListField, names_codings_one_on_the_other_in_lines_of_content_encoding) {
  const Headers twice{{"Content-Encoding", "gzip"}, {"Content-Encoding", "gzip"}};
  EXPECT_EQ(client_.request("POST", "/status/batch", twice, Report{.device_id = fresh_device()}.json()).status, 415);
}

TEST_F(ListField, may_name_no_second_coding_in_lines_of_content_encoding) {
  const Headers headers{{"Content-Encoding", "identity"}, {"Content-Encoding", ""}, {"Content-Encoding", ", gzip"}};
  for (const auto* const target : {"/status", "/status/batch"})
    EXPECT_EQ(
        client_.request("POST", target, headers, gzip("[" + Report{.device_id = fresh_device()}.json() + "]")).status,
        target == std::string("/status") ? 400 : 200);
}

TEST_F(ListField, is_joined_from_lines_of_prefer) {
  const Headers headers{
      {"Content-Type", "application/x-ndjson"}, {"Prefer", "wait=1"}, {"Prefer", "return=representation"}};
  const auto response = client_.request("POST", "/status/batch", headers, Report{.device_id = fresh_device()}.json());
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find(R"("results":["stored"])"), std::string::npos) << response.body;
}

// Empty elements count for nothing (RFC 9110, 5.6.1.2), for those that frame the message too.
TEST_F(ListField, may_have_empty_elements) {
  HttpClient client(service_.port());
  client.send_raw(
      "POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: , chunked\r\nConnection: , close\r\n\r\n"
      "2\r\n{}\r\n0\r\n\r\n");
  const auto response = client.read_response();
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ListField, has_connection_options_in_any_case) {
  for (const auto* const options :
       {"close", "Close", "TE,close", "keep-alive, close", "\tclose\t", "close,", ",,close"})
    for (const auto* const version : {"1.0", "1.1"}) {
      HttpClient client(service_.port());
      client.send_raw("GET /health/live HTTP/" + std::string(version) + "\r\nHost: a\r\nConnection: " + options +
                      "\r\n\r\n");
      EXPECT_EQ(client.read_response().header("Connection"), "close") << options;
      EXPECT_TRUE(client.is_closed_by_server()) << options << ' ' << version;
    }
  for (const auto* const options :
       {"keep-alive", "\tKeep-Alive\t", ", keep-alive,", "TE, keep-alive", "closed, keep-alive"}) {
    HttpClient client(service_.port());
    for (int round = 0; round < 2; ++round) {
      client.send_raw(std::string("GET /health/live HTTP/1.0\r\nConnection: ") + options + "\r\n\r\n");
      EXPECT_EQ(client.read_response().header("Connection"), "keep-alive") << options;
    }
  }
}

}  // namespace
}  // namespace ubiety::test
