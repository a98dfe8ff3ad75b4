#include "http/access/key_check.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(BearerToken, StandsBehindItsSchemeInAnyCase) {
  for (const auto* text : {"Bearer abc", "bearer abc", "BEARER abc", "bEaReR   abc"})
    EXPECT_EQ(bearer_token(text), "abc") << text;
  EXPECT_EQ(bearer_token("Bearer "), "");
  EXPECT_EQ(bearer_token("Bearer    "), "");
}

TEST(BearerToken, IsNoneOfAnotherScheme) {
  for (const auto* text :
       {"", "Bearer", "Basic abc", "Bearerabc", "Bearer\tabc", " Bearer abc", "Bear abc", "[earer abc"})
    EXPECT_EQ(bearer_token(text), std::nullopt) << text;
}

}  // namespace
}  // namespace ubiety::http
