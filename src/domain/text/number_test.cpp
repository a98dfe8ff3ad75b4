#include "domain/text/number.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace ubiety
