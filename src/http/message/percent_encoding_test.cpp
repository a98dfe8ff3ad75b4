#include "http/message/percent_encoding.hpp"

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

}  // namespace
}  // namespace ubiety::http
