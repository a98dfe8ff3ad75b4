#include "domain/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstdint>
#include <limits>

namespace ubiety {
namespace {

TEST(Integer, is_the_whole_text) {
  EXPECT_EQ(parse_integer<int>("0"), 0);
  EXPECT_EQ(parse_integer<int>("-007"), -7);
  EXPECT_EQ(parse_integer<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  for (const auto* text : {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "--1", "1_0"})
    EXPECT_EQ(parse_integer<int>(text), std::nullopt) << text;
}

TEST(Integer, fits_its_type) {
  EXPECT_EQ(parse_integer<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(parse_integer<std::uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(parse_integer<std::uint16_t>("-1"), std::nullopt);
  EXPECT_EQ(parse_integer<std::int64_t>("9223372036854775808"), std::nullopt);
}

constexpr auto infinity = std::numeric_limits<double>::infinity();

TEST(Number, is_exact_when_it_is_an_integer_that_fits) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"0", 0},
      {"-0", 0},
      {"007", 7},
      {"-42", -42},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
  };
  for (const auto& [text, number] : cases) EXPECT_EQ(parse_number(text), Number(number)) << text;
}

TEST(Number, is_the_nearest_double_otherwise) {
  const std::pair<const char*, double> cases[] = {
      {"76.0", 76},
      {"7.6e1", 76},
      {"1E2", 100},
      {"+5", 5},
      {"5.", 5},
      {".5", 0.5},
      {"1e-400", 0},
      {"1e400", infinity},
      {"-1e400", -infinity},
      {"1e999999999999999999999", infinity},
      {"1e-999999999999999999999", 0},
      {"9223372036854775808", 9223372036854775808.0},
      {"-9223372036854775809", -9223372036854775808.0},
      {"89490200001234567890", 89490200001234567890.0},
  };
  for (const auto& [text, number] : cases) EXPECT_EQ(parse_number(text), Number(number)) << text;
  EXPECT_EQ(parse_number(std::string(500, '9')), Number(infinity));
  EXPECT_EQ(parse_number("-" + std::string(500, '9')), Number(-infinity));
  EXPECT_EQ(parse_number("0." + std::string(500, '0') + "1"), Number(0.0));
}

TEST(Number, is_no_other_text) {
  for (const auto* text :
       {"",      "-",  "+",  ".",   "e",   "e5",   "1e",  "1e+",  "--1",      "+-1", "-+1", "1-1", "1.2.3",
        "1e5e5", " 1", "1 ", "1_0", "1,5", "0x10", "inf", "-inf", "infinity", "nan", "NaN", "1f",  "\xD9\xA1"})
    EXPECT_FALSE(parse_number(text)) << text;
  EXPECT_FALSE(parse_number(std::string_view("1\0", 2)));
}

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
