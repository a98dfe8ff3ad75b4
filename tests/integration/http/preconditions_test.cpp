// If-Match and If-None-Match (RFC 9110, 13), wherever there is an ETag.
#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"

namespace ubiety::test {
namespace {

class Preconditions : public ServiceTest, public ::testing::WithParamInterface<const char*> {
 protected:
  HttpResponse get(const Headers& fields, const char* method = "GET") {
    return client_.request(method, GetParam(), fields);
  }
  std::string tag_ = client_.get(GetParam()).header("ETag");
};

TEST_P(Preconditions, follow_if_none_match) {
  for (const auto& match : {tag_, "W/" + tag_, std::string("*"), "\"a,b\", " + tag_}) {
    for (const auto* const method : {"GET", "HEAD"}) {
      const auto response = get({{"If-None-Match", match}}, method);
      EXPECT_EQ(response.status, 304) << match;
      EXPECT_EQ(response.header("ETag"), tag_);
      EXPECT_EQ(response.body, "");
    }
  }
  EXPECT_EQ(get({{"If-None-Match", "\"another\""}}).status, 200);
}

TEST_P(Preconditions, follow_if_match) {
  for (const auto& match : {tag_, "\"a\", " + tag_, std::string("*")})
    EXPECT_EQ(get({{"If-Match", match}}).status, 200) << match;
  for (const auto& match : {std::string("\"another\""), "W/" + tag_, std::string("nonsense")})
    for (const auto* const method : {"GET", "HEAD"}) {
      const auto response = get({{"If-Match", match}}, method);
      EXPECT_EQ(response.status, 412) << match;
      if (method == std::string("GET")) {
        EXPECT_EQ(response.body, R"({"detail":"Precondition Failed"})");
      }
    }
}

TEST_P(Preconditions, may_come_together) {
  EXPECT_EQ(get({{"If-Match", "\"another\""}, {"If-None-Match", tag_}}).status, 412);
  EXPECT_EQ(get({{"If-Match", tag_}, {"If-None-Match", tag_}}).status, 304);
  EXPECT_EQ(get({{"If-Match", tag_}, {"If-None-Match", "\"another\""}}).status, 200);
}

TEST_P(Preconditions, are_of_one_coding) {
  const Headers gzip{{"Accept-Encoding", "gzip"}};
  const auto coded = get(gzip);
  if (coded.header("Content-Encoding") != "gzip") return;
  EXPECT_NE(coded.header("ETag"), tag_) << "a strong tag is of one coding";
  EXPECT_EQ(get({{"Accept-Encoding", "gzip"}, {"If-None-Match", tag_}}).status, 200);
  EXPECT_EQ(get({{"Accept-Encoding", "gzip"}, {"If-Match", tag_}}).status, 412);
}

// A device's own status must not change between two requests: the summary is of none.
INSTANTIATE_TEST_SUITE_P(WhereThereIsATag, Preconditions,
                         ::testing::Values("/status/summary?prefix=nobody", "/openapi.json", "/docs", "/docs/start.js",
                                           "/redoc"));

class NoPreconditions : public ServiceTest {};

TEST_F(NoPreconditions, are_looked_at_where_there_is_no_tag) {
  for (const auto* const target : {"/health/live", "/status/sensor-abc-123/history", "/status/never-seen"})
    EXPECT_EQ(client_.request("GET", target, {{"If-Match", "\"a\""}}).status, client_.get(target).status) << target;
}

// RFC 9110, 13.2.1: a fault of the request comes first.
TEST_F(NoPreconditions, are_looked_at_for_an_error) {
  for (const auto& [target, status] : {std::pair{"/docs/unknown.js", 404}, {"/status/summary?limit=0", 400}})
    EXPECT_EQ(client_.request("GET", target, {{"If-Match", "\"a\""}, {"If-None-Match", "*"}}).status, status) << target;
}

}  // namespace
}  // namespace ubiety::test
