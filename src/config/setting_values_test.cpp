#include "config/setting_values.hpp"

#include <gtest/gtest.h>

namespace ubiety::config {
namespace {

using Texts = std::vector<std::string>;

TEST(List, is_read_as_json_and_with_commas) {
  EXPECT_EQ(parse_list(R"(["http://a", "http://b:1"])"), (Texts{"http://a", "http://b:1"}));
  EXPECT_EQ(parse_list("http://a, http://b:1"), (Texts{"http://a", "http://b:1"}));
  EXPECT_EQ(parse_list("a"), Texts{"a"});
  EXPECT_EQ(parse_list(" [ \"a\" ] "), Texts{"a"});
}

TEST(List, may_be_empty) {
  for (const auto* text : {"", "[]", " [ ] "}) EXPECT_EQ(parse_list(text), Texts{}) << text;
}

TEST(List, is_no_other_text) {
  for (const auto* text : {"[", "]", "[a]", "\"a\"", "a,", ",a", "a,,b", "[\"a\",]", "[\"a\" \"b\"]", "[\"a\"", "a b",
                           "[\"a\\u0041\"]", "[[\"a\"]]", "[1]", "[\"\"]"})
    EXPECT_FALSE(parse_list(text)) << text;
}

TEST(Origin, is_scheme_host_and_port) {
  for (const auto* text : {"http://localhost:3000", "https://a.example", "https://xn--bcher-kva.example",
                           "http://[::1]", "http://[::1]:8080", "http://192.0.2.1", "http://a:443", "https://a:80"})
    EXPECT_TRUE(is_origin(text)) << text;
}

TEST(Origin, is_nothing_that_no_browser_sends) {
  for (const auto* text : {"",
                           "localhost",
                           "http://",
                           "://a",
                           "http://a/",
                           "http://a/path",
                           "HTTP://a",
                           "http://A",
                           "http://a:",
                           "http://a:x",
                           "http://a:123456",
                           "http://u@a",
                           "http://a?q",
                           "null",
                           "*",
                           "http://a b",
                           "http://a\r\nX: y",
                           "http://a:65536",
                           "http://a:0",
                           "http://a:080",
                           "http://a:80",
                           "https://a:443",
                           "http://a:b:1",
                           "http://[a]",
                           "http://[::1",
                           "http://::1",
                           "http://[::1]1",
                           "http://[0:0::1]",
                           "http://[192.0.2.1]",
                           "http://a[b"})
    EXPECT_FALSE(is_origin(text)) << text;
}

}  // namespace
}  // namespace ubiety::config
