#include "http/message/query.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace ubiety::http {
namespace {

using namespace std::string_view_literals;

TEST(PercentDecode, takes_escapes_in_any_case) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"sensor-1", "sensor-1"},
      {"%41%7a%7A", "Azz"},
      {"a%20b", "a b"},
      {"a+b", "a+b"},  // a space only in a query
      {"%2F%2f%25", "//%"},
      {"%2541", "%41"},  // once, not twice
      {"%C3%BC", "\u00FC"},
      {"%00", "\0"sv},
      {"%fF", "\xFF"},
      {"100%25", "100%"},
  };
  for (const auto& [text, decoded] : cases) EXPECT_EQ(percent_decode(text), decoded) << text;
}

TEST(PercentDecode, refuses_bad_escapes) {
  for (const auto text : {"%", "%4", "a%", "a%4", "%%", "%g0", "%0g", "%-1", "% 1", "%u0041", "%41%", "%4%41"})
    EXPECT_FALSE(percent_decode(text)) << text;
}

TEST(PercentEncode, leaves_unreserved_characters_alone) {
  constexpr auto unreserved = "ABCXYZabcxyz0189-._~"sv;
  EXPECT_EQ(percent_encode(unreserved), unreserved);
  EXPECT_EQ(percent_encode("a b+c/d%e?f#g&h=i"), "a%20b%2Bc%2Fd%25e%3Ff%23g%26h%3Di");
  EXPECT_EQ(percent_encode("\u00FC\0"sv), "%C3%BC%00");
}

RC_GTEST_PROP(PercentEncode, is_undone_by_decoding, (const std::string& text)) {
  const auto encoded = percent_encode(text);
  RC_ASSERT(percent_decode(encoded) == std::optional(text));
  RC_ASSERT(std::all_of(encoded.begin(), encoded.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '/'; }));
}

// The parameter's value; "absent" or the body of the error.
std::string value_of(std::string_view query, std::string_view name) {
  QueryReader reader(query);
  const auto value = reader.text(name);
  if (const auto refusal = reader.refusal()) return refusal->body;
  return std::string(value.value_or("absent"));
}

TEST(QueryReader, finds_values_by_name) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"", "a", "absent"},   {"a=1", "a", "1"}, {"a=1", "b", "absent"},  {"a=1", "A", "absent"},
      {"a=1&b=2", "b", "2"}, {"a=", "a", ""},   {"a", "a", ""},          {"&&a=1&&b=2&", "b", "2"},
      {"a=1=2", "a", "1=2"}, {"=1", "", "1"},   {"ab=1", "a", "absent"}, {"a=1;b=2", "a", "1;b=2"},
  };
  for (const auto& [query, name, value] : cases) EXPECT_EQ(value_of(query, name), value) << query;
}

TEST(QueryReader, decodes_as_forms_do) {
  const std::pair<const char*, const char*> cases[] = {
      {"a=x+y", "x y"},       {"a=x%20y", "x y"},     {"a=x%2By", "x+y"}, {"%61=x", "x"},
      {"a=1%26b=2", "1&b=2"}, {"a=%C3%BC", "\u00FC"}, {"a=%3D", "="},
  };
  for (const auto& [query, value] : cases) EXPECT_EQ(value_of(query, "a"), value) << query;
  EXPECT_EQ(value_of("a+b=1", "a b"), "1");
}

TEST(QueryReader, keeps_a_name_that_is_not_utf8_out_of_the_answer) {
  EXPECT_EQ(value_of("%FF=%zz", "a"),
            R"({"detail":[{"loc":["query"],"msg":"invalid percent-encoding","type":"value_error.url"}]})");
}

TEST(QueryReader, reads_durations) {
  using namespace std::chrono_literals;
  const std::pair<const char*, std::chrono::seconds> cases[] = {
      {"0", 0s},
      {"90", 90s},
      {"90s", 90s},
      {"90m", 90min},
      {"2h", 2h},
      {"3d", 72h},
      {"36600d", 36'600 * 24h},
      {"3162240000", 36'600 * 24h},
  };
  for (const auto& [text, duration] : cases) {
    const auto query = "a=" + std::string(text);
    QueryReader reader(query);
    EXPECT_EQ(reader.duration("a"), duration) << text;
    EXPECT_FALSE(reader.refusal()) << text;
  }
}

TEST(QueryReader, says_that_a_duration_is_none) {
  for (const auto* text : {"", "m", "-1", "-1m", "1.5h", "1 h", "h1", "1hm", "1w", "1M", "36601d", "3162240001", "1e3",
                           "99999999999999999999d"}) {
    const auto query = "a=" + std::string(text);
    QueryReader reader(query);
    EXPECT_EQ(reader.duration("a"), std::nullopt) << text;
    ASSERT_TRUE(reader.refusal()) << text;
    EXPECT_EQ(reader.refusal()->body,
              R"({"detail":[{"loc":["query","a"],"msg":"invalid duration format","type":"value_error.duration"}]})");
  }
}

TEST(QueryReader, refuses_a_repeated_parameter) {
  constexpr auto refusal = R"({"detail":[{"loc":["query","a"],"msg":"this parameter is given more than once",)"
                           R"("type":"value_error.duplicate"}]})";
  for (const auto query : {"a=1&a=2", "a=1&a=1", "a&a", "a=1&b=2&a=3", "a=1&%61=2", "a=1&a=2&a=3"})
    EXPECT_EQ(value_of(query, "a"), refusal) << query;
  EXPECT_EQ(value_of("a=1&a=2&b=3", "b"), "3");
}

TEST(QueryReader, refuses_bad_escapes) {
  EXPECT_EQ(value_of("a=%zz", "a"),
            R"({"detail":[{"loc":["query","a"],"msg":"invalid percent-encoding","type":"value_error.url"}]})");
  EXPECT_EQ(value_of("%zz=1", "a"),
            R"({"detail":[{"loc":["query"],"msg":"invalid percent-encoding","type":"value_error.url"}]})");
  QueryReader reader("b=1&a=100%");
  EXPECT_EQ(reader.text("b"), std::nullopt);
  ASSERT_TRUE(reader.refusal());
  EXPECT_EQ(reader.refusal()->status, 400);
}

}  // namespace

}  // namespace ubiety::http
