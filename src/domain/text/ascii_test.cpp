#include "domain/text/ascii.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

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

TEST(Ascii, trims_no_blanks_inside) {
  EXPECT_EQ(trimmed(" \t a b\t"), "a b");
  EXPECT_EQ(trimmed(" \t"), "");
  EXPECT_EQ(trimmed("\r\na\n", "\r\n"), "a");
}

}  // namespace
}  // namespace ubiety
