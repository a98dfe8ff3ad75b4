#include "actors/shard/sliced_sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "support/verification.hpp"

namespace ubiety {
namespace {

using Pair = std::pair<int, int>;

TEST(SlicedSort, sorts_any_number_of_keys_in_slices) {
  std::mt19937 random(test::new_seed());
  for (const std::size_t size : {0U, 1U, 1023U, 1024U, 1025U, 8192U, 50'000U}) {
    std::vector<Pair> keys(size);
    for (std::size_t i = 0; i < size; ++i) keys[i] = {static_cast<int>(random() % 100), static_cast<int>(i)};
    auto expected = keys;
    std::sort(expected.begin(), expected.end());
    SlicedSort<Pair> sort(keys);
    std::size_t slices = 1;
    for (; !sort.advance(1000); ++slices) {
    }
    EXPECT_EQ(keys, expected) << size;
    EXPECT_GE(slices, size / 1000) << "each does little";
  }
}

TEST(SlicedSort, takes_about_as_long_for_keys_in_any_order) {
  for (const bool is_falling : {false, true}) {
    std::vector<int> keys(100'000);
    std::iota(keys.begin(), keys.end(), 0);
    if (is_falling) std::reverse(keys.begin(), keys.end());
    SlicedSort<int> sort(keys);
    std::size_t slices = 1;
    for (; !sort.advance(10'000); ++slices) {
    }
    EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
    EXPECT_LE(slices, 400u);
  }
}

}  // namespace
}  // namespace ubiety
