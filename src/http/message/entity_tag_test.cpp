#include "http/message/entity_tag.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

constexpr auto tag = R"("a-1")";

TEST(Precondition, holds_without_fields) { EXPECT_EQ(precondition_of("", "", tag), Precondition::holds); }

TEST(Precondition, is_not_modified_where_a_tag_is_named_weak_or_strong) {
  for (const auto* field : {R"("a-1")", R"("x", "a-1")", R"(W/"a-1")", R"("x",W/"a-1" , "y")", "*", R"(, ,"x",,"a-1",)",
                            R"("x,y", "a-1")", R"("", "a-1")"})
    EXPECT_EQ(precondition_of("", field, tag), Precondition::not_modified) << field;
}

TEST(Precondition, holds_where_if_none_match_names_other_tags) {
  for (const auto* field : {"a-1", R"("a-2")", R"("a-1)", R"("A-1")", R"("x", "y")", R"(w/"a-1")", R"("x, "a-1", y")",
                            R"(x, "a-1")", R"("x", *)", ",", "\"\""})
    EXPECT_EQ(precondition_of("", field, tag), Precondition::holds) << field;
}

TEST(Precondition, holds_where_if_match_names_the_tag_strongly) {
  for (const auto* field : {R"("a-1")", R"("x", "a-1")", "*", R"(W/"a-1", "a-1")"})
    EXPECT_EQ(precondition_of(field, "", tag), Precondition::holds) << field;
}

TEST(Precondition, fails_where_if_match_does_not) {
  for (const auto* field : {R"("a-2")", R"(W/"a-1")", "a-1", ",", R"("x", "y")", R"("x,"a-1")"})
    EXPECT_EQ(precondition_of(field, "", tag), Precondition::failed) << field;
}

TEST(Precondition, looks_at_if_match_first) {
  EXPECT_EQ(precondition_of(R"("a-2")", R"("a-1")", tag), Precondition::failed);
  EXPECT_EQ(precondition_of(R"("a-1")", R"("a-1")", tag), Precondition::not_modified);
  EXPECT_EQ(precondition_of("*", R"("a-2")", tag), Precondition::holds);
}

}  // namespace
}  // namespace ubiety::http
