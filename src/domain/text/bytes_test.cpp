#include "domain/text/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

namespace ubiety {
namespace {

TEST(Hexadecimal, is_written_in_lower_case) {
  EXPECT_EQ(to_hexadecimal(std::string_view("\x00\x9F\xFFz", 4)), "009fff7a");
  EXPECT_EQ(to_hexadecimal(std::array<unsigned char, 2>{0xAB, 0x01}), "ab01");
  EXPECT_EQ(to_hexadecimal(std::string_view()), "");
}

TEST(Hexadecimal, reads_only_what_it_writes) {
  EXPECT_EQ(from_hexadecimal("009fff7a"), std::string("\x00\x9F\xFFz", 4));
  EXPECT_EQ(from_hexadecimal(""), "");
  for (const auto text : {"0", "0g", "AB", "0x", " 0", "-1"}) EXPECT_EQ(from_hexadecimal(text), std::nullopt) << text;
}

TEST(Hexadecimal, reads_a_digit_of_either_case) {
  constexpr std::string_view lower = "0123456789abcdef", upper = "0123456789ABCDEF";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const auto place = lower.find(c) != std::string_view::npos ? lower.find(c) : upper.find(c);
    EXPECT_EQ(hexadecimal_value(c), place == std::string_view::npos ? -1 : static_cast<int>(place)) << byte;
  }
}

RC_GTEST_PROP(Hexadecimal, reads_back_what_it_wrote, (const std::string& bytes)) {
  RC_ASSERT(from_hexadecimal(to_hexadecimal(bytes)) == bytes);
}

}  // namespace
}  // namespace ubiety
