// RFC 9110, 5.3: several lines of a field are one list.
#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class ListField : public ServiceTest {};

TEST_F(ListField, if_none_match_of_several_lines) {
  for (const auto* const target : {"/status/summary?prefix=nobody", "/openapi.json"}) {
    const auto tag = client_.get(target).header("ETag");
    EXPECT_EQ(client_.request("GET", target, {{"If-None-Match", "\"a\""}, {"If-None-Match", tag}}).status, 304);
    EXPECT_EQ(client_.request("GET", target, {{"If-None-Match", "\"a\""}, {"If-None-Match", "\"b\""}}).status, 200);
  }
}

TEST_F(ListField, accept_encoding_of_several_lines) {
  for (const auto* const target : {"/status/summary", "/openapi.json"}) {
    const auto coding_for = [&](const Headers& accepted) {
      return client_.request("GET", target, accepted).header("Content-Encoding");
    };
    EXPECT_EQ(coding_for({{"Accept-Encoding", "br"}, {"Accept-Encoding", "gzip"}}), "gzip");
    EXPECT_EQ(coding_for({{"Accept-Encoding", "*"}, {"Accept-Encoding", "gzip;q=0"}}), "");
  }
}

TEST_F(ListField, content_encoding_of_several_lines_is_one_coding_on_the_other) {
  const Headers twice{{"Content-Encoding", "gzip"}, {"Content-Encoding", "gzip"}};
  EXPECT_EQ(client_.request("POST", "/status/batch", twice, Report{.device_id = fresh_device()}.json()).status, 415);
}

TEST_F(ListField, prefer_of_several_lines) {
  const Headers headers{
      {"Content-Type", "application/x-ndjson"}, {"Prefer", "wait=1"}, {"Prefer", "return=representation"}};
  const auto response = client_.request("POST", "/status/batch", headers, Report{.device_id = fresh_device()}.json());
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find(R"("results":["stored"])"), std::string::npos) << response.body;
}

}  // namespace
}  // namespace ubiety::test
