#include "http/message/entity_tag.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(EntityTag, IsNamed) {
  for (const auto* field : {R"("a-1")", R"("x", "a-1")", R"(W/"a-1")", R"("x",W/"a-1" , "y")", "*"})
    EXPECT_TRUE(names_tag(field, R"("a-1")")) << field;
}

TEST(EntityTag, IsNotNamed) {
  for (const auto* field : {"", "a-1", R"("a-2")", R"("a-1)", R"("A-1")", R"("x", "y")", R"(w/"a-1")"})
    EXPECT_FALSE(names_tag(field, R"("a-1")")) << field;
}

}  // namespace
}  // namespace ubiety::http
