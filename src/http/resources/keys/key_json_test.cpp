#include "http/resources/keys/keys_resource.hpp"

#include <gtest/gtest.h>

#include "support/generators.hpp"

namespace ubiety::http {
namespace {

class KeyRequests : public ::testing::Test {
 protected:
  Answer fault_of(std::string_view body) {
    auto request = parse_key_request(reader_, body, noon);
    EXPECT_FALSE(request) << body;
    return request ? Answer{} : std::move(request.error());
  }
  Answer rotation_fault_of(std::string_view body) {
    auto grace = parse_rotation(reader_, body);
    EXPECT_FALSE(grace) << body;
    return grace ? Answer{} : std::move(grace.error());
  }

  json::ObjectReader reader_;
};

TEST_F(KeyRequests, are_taken) {
  const auto request = parse_key_request(
      reader_, R"({"name":"a","scopes":["read","ingest"],"expires_at":"2999-01-01T00:00:00Z"})", noon);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->name, "a");
  EXPECT_EQ(to_text(request->scopes), "ingest,read");
  EXPECT_EQ(request->expires, parse_timestamp("2999-01-01T00:00:00Z"));
  for (const auto* body :
       {R"({"scopes":["admin"],"name":"a"})", R"({"scopes":["admin","admin"],"name":"a","expires_at":null})"}) {
    const auto endless = parse_key_request(reader_, body, noon);
    ASSERT_TRUE(endless) << body;
    EXPECT_EQ(to_text(endless->scopes), "admin");
    EXPECT_EQ(endless->expires, std::nullopt);
  }
}

TEST_F(KeyRequests, name_all_that_is_wrong) {
  const auto answer = fault_of(R"({"name":"","scopes":[],"expires_at":5,"expires":"2999-01-01T00:00:00Z"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body,
            R"({"detail":[{"loc":["body","name"],"msg":"ensure this value has at least 1 characters",)"
            R"("type":"value_error.any_str.min_length","ctx":{"limit_value":1}},)"
            R"({"loc":["body","scopes"],"msg":"ensure this value has at least 1 items",)"
            R"("type":"value_error.list.min_items","ctx":{"limit_value":1}},)"
            R"({"loc":["body","expires_at"],"msg":"invalid datetime format","type":"value_error.datetime"},)"
            R"({"loc":["body","expires"],"msg":"extra fields not permitted","type":"value_error.extra"}]})");
}

TEST_F(KeyRequests, are_answered_422_without_a_field) {
  for (const auto* body : {"", "{}", R"({"name":"a"})", R"({"scopes":["read"]})"})
    EXPECT_EQ(fault_of(body).status, 422) << body;
}

TEST_F(KeyRequests, are_answered_400_with_a_wrong_value) {
  for (const auto* body :
       {"[]", "{", "null", R"({"name":1,"scopes":["read"]})", R"({"name":null,"scopes":["read"]})",
        R"({"name":"a","scopes":"read"})", R"({"name":"a","scopes":["write"]})", R"({"name":"a","scopes":[1]})",
        R"({"name":"a","scopes":[["read"]]})", R"({"name":"a","scopes":{"read":true}})",
        R"({"name":"a","scopes":null})", R"({"name":"a\u0007","scopes":["read"]})",
        R"({"name":"a","name":"b","scopes":["read"]})", R"({"name":"a","scopes":["read"],"x":1,"x":2})",
        R"({"name":"a","scopes":["read"],"expires_at":"1999-01-01T00:00:00Z"})",
        R"({"name":"a","scopes":["read"],"expires_at":"soon"})"})
    EXPECT_EQ(fault_of(body).status, 400) << body;
}

TEST_F(KeyRequests, have_a_grace_or_the_default_for_a_rotation) {
  for (const auto* body : {"", "{}", R"({"grace_seconds":null})"})
    EXPECT_EQ(parse_rotation(reader_, body).value(), default_grace) << body;
  EXPECT_EQ(parse_rotation(reader_, R"({"grace_seconds":0})").value().count(), 0);
  EXPECT_EQ(parse_rotation(reader_, R"({"grace_seconds":31536000})").value(), max_grace);
  for (const auto* body : {"[]", R"({"grace_seconds":-1})", R"({"grace_seconds":31536001})", R"({"grace_seconds":"1"})",
                           R"({"grace_seconds":1.5})", R"({"grace":1})", R"({"grace_seconds":[]})"})
    EXPECT_EQ(rotation_fault_of(body).status, 400) << body;
}

TEST(KeyIdInAPath, is_a_number_and_nothing_else) {
  EXPECT_EQ(parse_key_id("1"), 1);
  EXPECT_EQ(parse_key_id("9223372036854775807"), 9223372036854775807);
  for (const auto* text : {"", "0", "-1", "+1", "1 ", " 1", "1.0", "0x1", "one", "9223372036854775808", "1%20"})
    EXPECT_EQ(parse_key_id(text), std::nullopt) << text;
}

}  // namespace
}  // namespace ubiety::http
