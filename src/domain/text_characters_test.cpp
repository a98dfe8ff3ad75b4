#include "domain/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace ubiety {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, counts_characters_not_bytes) {
  const std::pair<std::string_view, std::size_t> cases[] = {
      {"", 0},
      {"sensor", 6},
      {"\0\x7F"sv, 2},
      {"\u0080", 1},
      {"\u07FF", 1},
      {"\u0800", 1},
      {"\uFFFF", 1},
      {"\U00010000", 1},
      {"\U0010FFFF", 1},
      {"K\u00FChlschrank", 11},
      {"\U0001F600\u20AC\u00E9e", 4},
      {"e\u0301", 2},       // not composed: two characters
      {"\xED\x9F\xBF", 1},  // U+D7FF, the last before the surrogates
      {"\xEE\x80\x80", 1},  // U+E000, the first after them
  };
  for (const auto& [text, characters] : cases) EXPECT_EQ(count_characters(text), characters) << text;
}

TEST(Utf8, refuses_malformed_text) {
  const std::string_view cases[] = {
      "\x80",  // a continuation byte alone
      "\xBF",
      "a\x80",
      "\xC3",  // too short, by each number of bytes
      "\xE2\x82",
      "\xE2",
      "\xF0\x9F\x98",
      "\xF0\x9F",
      "\xF0",
      "\xC3(",  // the next byte continues nothing
      "\xE2(\xA1",
      "\xE2\x82(",
      "\xF0(\x8C\xBC",
      "\xF0\x90(\xBC",
      "\xF0\x90\x8C(",
      "\xC3\xC3",
      "\xC0\x80",  // overlong forms
      "\xC1\xBF",
      "\xE0\x80\x80",
      "\xE0\x9F\xBF",
      "\xF0\x80\x80\x80",
      "\xF0\x8F\xBF\xBF",
      "\xED\xA0\x80",  // surrogates: U+D800, U+DBFF, U+DC00, U+DFFF, and a pair
      "\xED\xAF\xBF",
      "\xED\xB0\x80",
      "\xED\xBF\xBF",
      "\xED\xA0\x80\xED\xB0\x80",
      "\xF4\x90\x80\x80",  // U+110000
      "\xF5\x80\x80\x80",
      "\xF8\x88\x80\x80\x80",
      "\xFE",
      "\xFF",
  };
  for (const auto text : cases) {
    EXPECT_FALSE(count_characters(text)) << testing::PrintToString(text);
    EXPECT_FALSE(count_characters("good" + std::string(text))) << testing::PrintToString(text);
    EXPECT_FALSE(count_characters(std::string(text) + "good")) << testing::PrintToString(text);
  }
}

// The encoding of RFC 3629, section 3.
std::string encoded(char32_t c) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  const auto continued = [&](int shift) { return byte(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | (c >> 6)), continued(0)};
  if (c < 0x10000) return {byte(0xE0 | (c >> 12)), continued(6), continued(0)};
  return {byte(0xF0 | (c >> 18)), continued(12), continued(6), continued(0)};
}

TEST(Utf8, accepts_every_character_but_surrogates) {
  for (char32_t c = 0; c <= 0x110FFF; ++c) {
    const bool is_character = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
    ASSERT_EQ(count_characters(encoded(c)), is_character ? std::optional<std::size_t>(1) : std::nullopt)
        << std::hex << static_cast<std::uint32_t>(c);
  }
}

RC_GTEST_PROP(Utf8, counts_whatever_the_characters_are, (const std::vector<std::uint32_t>& drawn)) {
  std::string text;
  for (const auto number : drawn) {
    auto c = static_cast<char32_t>(number % 0x110000);
    if (c >= 0xD800 && c <= 0xDFFF) c = 'x';
    text += encoded(c);
  }
  RC_ASSERT(count_characters(text) == std::optional(drawn.size()));
}

TEST(Utf8, replaces_malformed_bytes) {
  EXPECT_EQ(replace_malformed(""), "");
  EXPECT_EQ(replace_malformed("a\u00E9\U0001F600"), "a\u00E9\U0001F600");
  EXPECT_EQ(replace_malformed("a\xFF"
                              "b\xED\xA0\x80\xC3"),
            "a\uFFFD"
            "b\uFFFD\uFFFD\uFFFD\uFFFD");
}

// Whether exactly the bytes of `members` are in the class.
template <class IsMember>
bool is_class_of(std::string_view members, IsMember is_member) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    if (is_member(c) != (members.find(c) != std::string_view::npos)) return false;
  }
  return true;
}

TEST(Ascii, has_no_bytes_above_ascii_in_its_classes) {
  EXPECT_TRUE(is_class_of("0123456789", ascii::is_digit));
  EXPECT_TRUE(is_class_of("abcdefghijklmnopqrstuvwxyz", ascii::is_lower));
  EXPECT_TRUE(is_class_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", ascii::is_upper));
  const std::string_view tokens = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  EXPECT_TRUE(is_class_of(tokens, ascii::is_token));
}

TEST(Ascii, has_only_the_space_besides_control_and_visible_characters) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(ascii::is_control(c), byte < 0x20 || byte == 0x7F) << byte;
    EXPECT_EQ(ascii::is_visible(c), c != ' ' && !ascii::is_control(c)) << byte;
  }
  EXPECT_FALSE(ascii::is_control('\x80'));
  EXPECT_FALSE(ascii::is_visible('\xFF'));
}

TEST(Ascii, has_case_in_letters_only) {
  EXPECT_EQ(ascii::to_lower("X-API-Key @[\xC3\x84"), "x-api-key @[\xC3\x84");
  EXPECT_EQ(ascii::to_upper("data_url `{\xC3\xA4"), "DATA_URL `{\xC3\xA4");
}

TEST(Ascii, compares_ignoring_case) {
  EXPECT_TRUE(ascii::equal_ignoring_case("", ""));
  EXPECT_TRUE(ascii::equal_ignoring_case("Keep-Alive", "keep-aLIVE"));
  EXPECT_FALSE(ascii::equal_ignoring_case("keep-alive", "keep-aliv"));
  EXPECT_FALSE(ascii::equal_ignoring_case("keep-aliv", "keep-alive"));
  EXPECT_FALSE(ascii::equal_ignoring_case("@", "`"));
  EXPECT_FALSE(ascii::equal_ignoring_case("[", "{"));
}

TEST(Ascii, does_not_trim_blanks_inside) {
  EXPECT_EQ(trimmed(" \t a b\t"), "a b");
  EXPECT_EQ(trimmed(" \t"), "");
  EXPECT_EQ(trimmed("\r\na\n", "\r\n"), "a");
}

}  // namespace

}  // namespace ubiety
