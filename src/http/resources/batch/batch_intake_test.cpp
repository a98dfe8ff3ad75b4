#include "http/resources/batch/batch_intake.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

using json::BatchForm;

TEST(BatchRequest, has_its_form_by_the_content_type) {
  for (const auto* type :
       {"application/x-ndjson", "Application/X-NDJSON", "application/x-ndjson ; charset=utf-8", "application/ndjson",
        "application/jsonl", "application/x-jsonlines", "application/json-lines"})
    EXPECT_EQ(parse_batch_request(type, {}, {})->form, BatchForm::lines) << type;
  for (const auto* type : {"application/json", "application/vnd.ubiety+json; v=1"})
    EXPECT_EQ(parse_batch_request(type, {}, {})->form, BatchForm::array) << type;
  EXPECT_EQ(parse_batch_request({}, {}, {})->form, BatchForm::array);
}

TEST(BatchRequest, is_refused_with_another_content_type) {
  for (const auto* type : {"text/plain", "application/ndjson5", "application/x-ndjsons", "text/x-ndjson", "x-ndjson"})
    EXPECT_EQ(parse_batch_request(type, {}, {}).error().status, 415) << type;
  const auto refused = parse_batch_request("text/plain", {}, {}).error();
  ASSERT_EQ(refused.fields.size(), 1u);
  EXPECT_EQ(refused.fields[0].name, "Accept");
  EXPECT_EQ(refused.fields[0].value, "application/x-ndjson, application/json, application/*+json");
}

TEST(BatchRequest, may_be_compressed) {
  for (const auto* coding : {"gzip", "GZIP", "x-gzip", " gzip\t"})
    EXPECT_TRUE(parse_batch_request({}, coding, {})->gzip);
  for (const auto* coding : {"identity", ""}) EXPECT_FALSE(parse_batch_request({}, coding, {})->gzip);
  EXPECT_FALSE(parse_batch_request({}, {}, {})->gzip);
}

TEST(BatchRequest, is_refused_in_another_coding) {
  for (const auto* coding : {"br", "deflate", "gzip, gzip", "gzip;q=1"}) {
    const auto refused = parse_batch_request({}, coding, {});
    ASSERT_FALSE(refused) << coding;
    EXPECT_EQ(refused.error().status, 415);
    ASSERT_EQ(refused.error().fields.size(), 1u);
    EXPECT_EQ(refused.error().fields[0].name, "Accept-Encoding");
  }
}

TEST(BatchRequest, may_want_results) {
  for (const auto* prefer : {"return=representation", "Return = representation", "return=\"representation\"",
                             "respond-async, wait=5, return=representation", "return=representation; a=b",
                             ",return=representation,return=minimal"})
    EXPECT_TRUE(parse_batch_request({}, {}, prefer)->results) << prefer;
  for (const auto* prefer : {"", "return", "return=minimal", "return=minimal, return=representation",
                             "return=", "returns=representation", "a; return=representation", "return=Representation"})
    EXPECT_FALSE(parse_batch_request({}, {}, prefer)->results) << prefer;
  EXPECT_FALSE(parse_batch_request({}, {}, {})->results);
}

}  // namespace
}  // namespace ubiety::http
