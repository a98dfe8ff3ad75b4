#include "actors/shard/change_ring.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

TEST(ChangeRing, keeps_changes_in_their_order) {
  ChangeRing ring;
  EXPECT_EQ(ring.end(), 0u);
  for (const std::uint32_t device : {7u, 3u, 7u}) ring.note(device);
  EXPECT_EQ(ring.end(), 3u);
  EXPECT_EQ(ring.at(0), 7u);
  EXPECT_EQ(ring.at(1), 3u);
  EXPECT_EQ(ring.at(2), 7u);
}

TEST(ChangeRing, forgets_the_oldest_of_few_devices) {
  ChangeRing ring;
  for (std::uint32_t change = 0; change < ChangeRing::fewest + 10; ++change) ring.note(change % 5);
  EXPECT_EQ(ring.begin(), 10u);
  EXPECT_FALSE(ring.knows(9));
  EXPECT_TRUE(ring.knows(10));
  EXPECT_TRUE(ring.knows(ring.end())) << "nothing is missing behind the last";
  EXPECT_FALSE(ring.knows(ring.end() + 1));
  EXPECT_EQ(ring.at(10), 0u);
  EXPECT_EQ(ring.at(11), 1u);
}

TEST(ChangeRing, grows_with_the_devices_and_loses_nothing_by_it) {
  ChangeRing ring;
  for (std::uint32_t change = 0; change < 100; ++change) ring.note(change % 10);
  const auto devices = static_cast<std::uint32_t>(ChangeRing::fewest * 3);
  for (std::uint32_t device = 0; device < devices; ++device) ring.note(device);
  EXPECT_EQ(ring.begin(), 100u) << "forgotten before it grew";
  for (std::uint32_t device = 0; device < devices; ++device) ASSERT_EQ(ring.at(100 + device), device);
}

TEST(ChangeRing, has_a_bound) {
  ChangeRing ring;
  const auto devices = static_cast<std::uint32_t>(ChangeRing::most * 2);
  for (std::uint32_t device = 0; device < devices; ++device) ring.note(device);
  EXPECT_EQ(ring.end() - ring.begin(), ChangeRing::most);
  EXPECT_EQ(ring.at(ring.begin()), devices - ChangeRing::most);
}

TEST(ChangeRing, that_continues_another_knows_none_of_its_changes) {
  ChangeRing first;
  for (int change = 0; change < 5; ++change) first.note(1);
  ChangeRing next;
  next.continue_after(first.end());
  for (std::uint64_t change = 0; change <= first.end(); ++change) EXPECT_FALSE(next.knows(change)) << change;
  next.note(4);
  EXPECT_TRUE(next.knows(6));
  EXPECT_EQ(next.at(6), 4u);
  EXPECT_EQ(next.begin(), 6u);
}

}  // namespace
}  // namespace ubiety
