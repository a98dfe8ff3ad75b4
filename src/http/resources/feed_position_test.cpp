#include "http/resources/feed_position.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ubiety::http {
namespace {

TEST(FeedPosition, is_read_as_it_was_written) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  for (const auto& position :
       {FeedPosition{0, 0, {0}}, FeedPosition{7, 8, {9, 10}}, FeedPosition{most, most, {most, 0, most}}})
    EXPECT_EQ(parse_position(text_of(position)), position) << text_of(position);
  EXPECT_EQ(text_of({0xABC, 1, {255, 16}}), "1-abc-1-ff-10");
}

TEST(FeedPosition, is_none_of_other_text) {
  for (const auto* text : {"", "1", "1-", "1-1", "1-1-1", "1-1-1-", "1-1-1-1-", "2-1-1-1", "1-1-1-g", "1--1-1",
                           "1-1-1--1", "1-1-1- 1", "1-1-1-1 ", "1-1-1-12345678901234567", "11-1-1", "%00", "x"})
    EXPECT_EQ(parse_position(text), std::nullopt) << text;
  std::string many = "1-1-1";
  for (int shard = 0; shard < 257; ++shard) many += "-1";
  EXPECT_EQ(parse_position(many), std::nullopt);
}

}  // namespace
}  // namespace ubiety::http
