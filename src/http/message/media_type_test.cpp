#include "http/message/media_type.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(MediaType, is_json_when_there_is_none) { EXPECT_TRUE(is_json(std::nullopt)); }

TEST(MediaType, is_json_in_any_case_and_with_parameters) {
  for (const auto text : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                          "application/json ; charset=UTF-8", "application/json\t;", "application/json;",
                          "application/problem+json", "application/vnd.api+json; v=1", "APPLICATION/X+JSON"})
    EXPECT_TRUE(is_json(text)) << text;
}

TEST(MediaType, is_not_json_otherwise) {
  for (const auto text : {"text/plain", "text/json", "application/x-ndjson", "application/jsonp", "application/jsonx",
                          "application/+json", "application/json+xml", "application/", "application", "json",
                          "application/xjson", "image/svg+json", "application/x-www-form-urlencoded",
                          "multipart/form-data; boundary=json", "text/plain;application/json", ";"})
    EXPECT_FALSE(is_json(text)) << text;
}

TEST(MediaType, is_ndjson) {
  for (const auto text :
       {"application/x-ndjson", "Application/X-NDJSON;charset=utf-8", "application/x-ndjson ;", "application/ndjson",
        "Application/JSONL", "application/x-jsonlines; charset=utf-8", "application/json-lines"})
    EXPECT_TRUE(is_ndjson(text)) << text;
  EXPECT_FALSE(is_ndjson(std::nullopt));
  for (const auto text : {"application/json", "application/x-ndjson+json", "x-ndjson", "text/x-ndjson",
                          "application/jsonlx", "application/json-seq", "application/x-jsonline", "jsonl", ""})
    EXPECT_FALSE(is_ndjson(text)) << text;
}

}  // namespace
}  // namespace ubiety::http
