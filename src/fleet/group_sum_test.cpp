#include "fleet/group_sum.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

using Groups = std::vector<GroupTotals>;

std::vector<GroupNumber> numbers_of(const GroupSum::Largest& largest) {
  std::vector<GroupNumber> numbers;
  for (const auto& each : largest.groups) numbers.push_back(each.group);
  return numbers;
}

TEST(GroupSum, adds_up_the_shards) {
  GroupSum sum;
  sum.add(Groups{{}, {3, 1}, {4, 0}});
  sum.add(Groups{{}, {5, 2}});
  const auto largest = sum.largest(10);
  ASSERT_EQ(numbers_of(largest), (std::vector<GroupNumber>{1, 2}));
  EXPECT_EQ(largest.groups[0].totals.devices, 8u);
  EXPECT_EQ(largest.groups[0].totals.silent, 3u);
  EXPECT_EQ(largest.groups[1].totals.devices, 4u);
  EXPECT_EQ(largest.left_out, 0u);
}

TEST(GroupSum, has_the_largest_groups_and_counts_the_rest) {
  GroupSum sum;
  sum.add(Groups{{}, {3, 0}, {9, 0}, {5, 0}, {5, 0}, {5, 0}, {7, 0}});
  const auto largest = sum.largest(3);
  EXPECT_EQ(numbers_of(largest), (std::vector<GroupNumber>{2, 6, 3})) << "of equal ones the first";
  EXPECT_EQ(largest.left_out, 3u);
  EXPECT_EQ(sum.largest(0).left_out, 6u);
}

TEST(GroupSum, ignores_devices_in_no_group_and_groups_without_devices) {
  GroupSum sum;
  sum.add(Groups{{100, 1}, {0, 0}, {1, 0}});
  const auto largest = sum.largest(1);
  EXPECT_EQ(numbers_of(largest), std::vector<GroupNumber>{2});
  EXPECT_EQ(largest.left_out, 0u);
  EXPECT_TRUE(GroupSum().largest(1).groups.empty());
}

}  // namespace
}  // namespace ubiety
