#include "fleet/groups.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

GroupRule by_prefix(std::string separator, std::size_t nth = 1) {
  return {GroupRule::By::prefix, std::move(separator), nth};
}

TEST(GroupRule, reads_what_the_setting_may_be) {
  EXPECT_EQ(group_rule_from(""), GroupRule{});
  EXPECT_EQ(group_rule_from("key"), GroupRule{GroupRule::By::key});
  EXPECT_EQ(group_rule_from("prefix:-"), by_prefix("-"));
  EXPECT_EQ(group_rule_from("prefix:-:2"), by_prefix("-", 2));
  EXPECT_EQ(group_rule_from("prefix:::3"), by_prefix(":", 3)) << "a colon may separate";
  EXPECT_EQ(group_rule_from("prefix::"), by_prefix(":"));
  EXPECT_EQ(group_rule_from("prefix:/dev/:16"), by_prefix("/dev/", 16));
}

TEST(GroupRule, refuses_anything_else) {
  for (const auto* text : {"prefix", "prefix:", "prefix:-:", "prefix:-:0", "prefix:-:17", "prefix:-:x", "Key", "none",
                           "prefix:12345678901234567"})
    EXPECT_EQ(group_rule_from(text), std::nullopt) << text;
}

TEST(Groups, are_the_ids_up_to_a_separator) {
  Groups groups(by_prefix("-"));
  const auto group = groups.group_of("gw07-hall-01");
  EXPECT_NE(group, whole_fleet);
  EXPECT_EQ(groups.name_of(group), "gw07");
  EXPECT_EQ(groups.group_of("gw07-kitchen"), group);
  EXPECT_NE(groups.group_of("gw08-kitchen"), group);
  EXPECT_EQ(groups.group_of("gw07"), whole_fleet) << "no separator";
  EXPECT_EQ(groups.group_of("-a"), whole_fleet) << "no name";
  EXPECT_EQ(groups.size(), 2u);
}

TEST(Groups, are_the_ids_up_to_the_nth_separator) {
  Groups groups(by_prefix("--", 2));
  EXPECT_EQ(groups.name_of(groups.group_of("site--gw--one")), "site--gw");
  EXPECT_EQ(groups.name_of(groups.group_of("site--gw--one--two")), "site--gw");
  EXPECT_EQ(groups.group_of("site--gw"), whole_fleet);
  EXPECT_EQ(groups.name_of(groups.group_of("a---b--c")), "a---b") << "separators do not overlap";
}

TEST(Groups, do_not_exist_without_a_rule) {
  Groups groups;
  EXPECT_EQ(groups.group_of("gw07-hall-01"), whole_fleet);
  EXPECT_FALSE(groups.are_by_key());
}

TEST(Groups, by_key_are_named_by_the_caller) {
  Groups groups({.by = GroupRule::By::key});
  EXPECT_TRUE(groups.are_by_key());
  EXPECT_EQ(groups.group_of("gw07-hall-01"), whole_fleet);
  const auto group = groups.number_of("hall gateway");
  EXPECT_EQ(groups.number_of("hall gateway"), group);
  EXPECT_EQ(groups.find("hall gateway"), group);
  EXPECT_EQ(groups.find("another"), std::nullopt);
  EXPECT_EQ(groups.number_of(""), whole_fleet);
  EXPECT_EQ(groups.name_of(whole_fleet), "");
  EXPECT_EQ(groups.name_of(last_group), "");
}

}  // namespace
}  // namespace ubiety
