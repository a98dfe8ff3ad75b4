#include "actors/shard/radix_sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "support/verification.hpp"

namespace ubiety {
namespace {

using Key = RadixSort::Key;

// Keys of random values in a range, with the ranks of a random order.
std::vector<Key> keys_of(std::size_t size, std::int64_t lowest, std::int64_t highest, std::mt19937& random) {
  std::vector<Key> keys(size);
  std::uniform_int_distribution<std::int64_t> values(lowest, highest);
  for (std::uint32_t i = 0; i < size; ++i) keys[i] = {values(random), i, i * 3};
  std::shuffle(keys.begin(), keys.end(), random);
  return keys;
}

TEST(RadixSort, sorts_any_number_of_keys_in_slices) {
  std::mt19937 random(test::new_seed());
  constexpr auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  const std::vector<std::pair<std::int64_t, std::int64_t>> ranges{
      {0, 0}, {0, 100}, {-101, -1}, {-128, 127}, {least, most}, {most - 1, most}, {least, least + 300}};
  for (const auto& [lowest, highest] : ranges)
    for (const std::size_t size : {0U, 1U, 2U, 255U, 257U, 70'000U}) {
      auto keys = keys_of(size, lowest, highest, random), expected = keys;
      std::sort(expected.begin(), expected.end());
      RadixSort sort(keys);
      std::size_t slices = 1;
      for (; !sort.advance(1000); ++slices) {
      }
      EXPECT_EQ(keys, expected) << size << " from " << lowest << " to " << highest;
      EXPECT_GE(slices, size / 1000) << "each does little";
      EXPECT_LE(slices, 3 + size * (1 + 2 * 11) / 1000) << "at most each byte of a key twice";
    }
}

TEST(RadixSort, has_sorted_for_good) {
  std::mt19937 random(1);
  auto keys = keys_of(100, 0, 5, random);
  RadixSort sort(keys);
  while (!sort.advance(7)) {
  }
  const auto sorted = keys;
  EXPECT_TRUE(sort.advance(7));
  EXPECT_EQ(keys, sorted);
}

}  // namespace
}  // namespace ubiety
