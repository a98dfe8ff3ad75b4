#include "keys/administration.hpp"

#include <gtest/gtest.h>

#include "support/generators.hpp"

namespace ubiety::keys {
namespace {

TEST(ParseExpiry, accepts_a_time_or_a_span) {
  EXPECT_EQ(parse_expiry("90d", noon), noon + std::chrono::days(90));
  EXPECT_EQ(parse_expiry("1h", noon), noon + std::chrono::hours(1));
  EXPECT_EQ(parse_expiry("2999-01-01T00:00:00Z", noon), parse_timestamp("2999-01-01T00:00:00Z"));
}

TEST(ParseExpiry, refuses_anything_else_and_what_is_past) {
  for (const auto* text : {"", "90", "d", "0d", "-1d", "+1d", "1.5d", "90 d", "90dd", "90m", "90D", "9999999d", "1e3d",
                           "never", "1999-01-01T00:00:00Z", "2999-01-01", "1000001h"})
    EXPECT_EQ(parse_expiry(text, noon), std::nullopt) << text;
  EXPECT_EQ(parse_expiry(format_timestamp(noon), noon), std::nullopt);
}

}  // namespace
}  // namespace ubiety::keys
