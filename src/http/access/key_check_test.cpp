#include "http/access/key_check.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(BearerToken, stands_behind_its_scheme_in_any_case) {
  for (const auto* text : {"Bearer abc", "bearer abc", "BEARER abc", "bEaReR   abc"})
    EXPECT_EQ(bearer_token(text), "abc") << text;
  EXPECT_EQ(bearer_token("Bearer "), "");
  EXPECT_EQ(bearer_token("Bearer    "), "");
}

TEST(BearerToken, is_none_of_another_scheme) {
  for (const auto* text :
       {"", "Bearer", "Basic abc", "Bearerabc", "Bearer\tabc", " Bearer abc", "Bear abc", "[earer abc"})
    EXPECT_EQ(bearer_token(text), std::nullopt) << text;
}

}  // namespace
}  // namespace ubiety::http
