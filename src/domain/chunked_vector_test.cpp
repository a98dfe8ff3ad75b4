#include "domain/chunked_vector.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace ubiety {
namespace {

TEST(ChunkedVector, has_what_was_added_where_it_was_added) {
  ChunkedVector<std::unique_ptr<int>> vector;
  std::vector<const std::unique_ptr<int>*> places;
  for (int i = 0; i < 5'000; ++i) places.push_back(&vector.emplace_back(std::make_unique<int>(i)));
  ASSERT_EQ(vector.size(), 5'000u);
  for (std::size_t i = 0; i < vector.size(); ++i) {
    EXPECT_EQ(&vector[i], places[i]);
    EXPECT_EQ(*vector[i], static_cast<int>(i));
  }
}

TEST(ChunkedVector, grows_by_copies) {
  ChunkedVector<int> vector;
  vector.emplace_back(1);
  vector.grow(1'025, 7);
  vector.grow(3, 9);
  ASSERT_EQ(vector.size(), 1'025u);
  EXPECT_EQ(vector[0], 1);
  EXPECT_EQ(vector[1], 7);
  EXPECT_EQ(vector[1'024], 7);
}

}  // namespace
}  // namespace ubiety
