// RFC 9112, 5.1: white space before and behind a field's value is no part of it.
#include <gtest/gtest.h>

#include "integration/http/keys/keyed_service.hpp"
#include "integration/http/shared_service.hpp"
#include "support/gunzip.hpp"

namespace ubiety::test {
namespace {

const std::string blanks = " \t ";

std::string spaced(std::string_view value) { return blanks + std::string(value) + blanks; }

class FieldValue : public ServiceTest {
 protected:
  HttpResponse get(const std::string& target, const std::string& name, std::string_view value) {
    return client_.request("GET", target, {{name, spaced(value)}});
  }
};

TEST_F(FieldValue, is_without_white_space_in_X_Request_ID) {
  EXPECT_EQ(get("/health/live", "X-Request-ID", "mine").header("X-Request-ID"), "mine");
}

TEST_F(FieldValue, is_without_white_space_in_If_None_Match_and_If_Match) {
  for (const auto* const target : {"/openapi.json", "/status/summary?prefix=nobody"}) {
    const auto tag = client_.get(target).header("ETag");
    EXPECT_EQ(get(target, "If-None-Match", tag).status, 304);
    EXPECT_EQ(get(target, "If-None-Match", "*").status, 304);
    EXPECT_EQ(get(target, "If-Match", tag).status, 200);
    EXPECT_EQ(get(target, "If-Match", "*").status, 200);
  }
}

TEST_F(FieldValue, is_without_white_space_in_Accept_and_Accept_Encoding) {
  EXPECT_EQ(get("/", "Accept", "text/html").status, 200);
  EXPECT_EQ(get("/openapi.json", "Accept-Encoding", "gzip").header("Content-Encoding"), "gzip");
}

TEST_F(FieldValue, is_without_white_space_in_Content_Type_Content_Encoding_and_Prefer) {
  const auto report = Report{.device_id = fresh_device()}.json();
  const Headers json{{"Content-Type", spaced("application/json")}, {"Content-Encoding", spaced("gzip")}};
  EXPECT_EQ(client_.request("POST", "/status", json, gzip(report)).status, 200);
  const Headers lines{{"Content-Type", spaced("application/x-ndjson")}, {"Prefer", spaced("return=representation")}};
  EXPECT_NE(client_.request("POST", "/status/batch", lines, report).body.find("results"), std::string::npos);
}

TEST_F(FieldValue, is_without_white_space_in_Content_Length_Expect_and_Host) {
  const auto report = Report{.device_id = fresh_device()}.json();
  client_.send_raw("POST /status HTTP/1.1\r\nHost:" + spaced("a") + "\r\nExpect:" + spaced("100-continue") +
                   "\r\nContent-Length:" + spaced(std::to_string(report.size())) + "\r\n\r\n" + report);
  EXPECT_EQ(client_.read_response().status, 200);
}

TEST(FieldValueOfOrigin, is_without_white_space) {
  ServiceProcess service(Environment{{"CORS_ORIGINS", "http://a.example"}});
  service.start();
  const Headers fields{{"Origin", spaced("http://a.example")},
                       {"Access-Control-Request-Method", "POST"},
                       {"Access-Control-Request-Headers", spaced("content-type")}};
  const auto response = HttpClient(service.port()).request("OPTIONS", "/status", fields);
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), "http://a.example");
  EXPECT_EQ(response.header("Access-Control-Allow-Headers"), "content-type");
}

TEST(FieldValueOfAKey, is_without_white_space) {
  KeyedService service(StoreKind::sqlite);
  const auto key = service.create("read").text;
  service.start();
  EXPECT_EQ(service.status_with({{"X-API-Key", spaced(key)}}), 404);
  EXPECT_EQ(service.status_with({{"Authorization", spaced("Bearer " + key)}}), 404);
  EXPECT_EQ(service.status_with({{"X-API-Key", spaced(key)}, {"Authorization", "Bearer " + key}}), 404);
}

TEST(FieldValueOfXForwardedFor, is_without_white_space_and_empty_elements) {
  ServiceProcess service(
      Environment{{"TRUSTED_PROXIES", "127.0.0.1"}, {"RATE_LIMIT_REQUESTS", "1"}, {"RATE_LIMIT_WINDOW", "3600"}});
  service.start();
  const auto status_for = [&](const std::string& forwarded) {
    return HttpClient(service.port()).request("GET", "/status/a", {{"X-Forwarded-For", forwarded}}).status;
  };
  EXPECT_EQ(status_for(spaced("192.0.2.1")), 404);
  EXPECT_EQ(status_for("192.0.2.1,"), 429) << "the same client";
  EXPECT_EQ(status_for(", 192.0.2.2 , ,"), 404);
  EXPECT_EQ(status_for("192.0.2.2"), 429);
}

}  // namespace
}  // namespace ubiety::test
