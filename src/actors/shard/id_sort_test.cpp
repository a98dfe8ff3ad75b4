#include "actors/shard/id_sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "support/updates.hpp"
#include "support/verification.hpp"

namespace ubiety {
namespace {

class IdSortTest : public ::testing::Test {
 protected:
  void add(std::string id) { devices_.emplace_back(test::update_of(std::move(id), 0)); }

  std::vector<std::string> sorted() {
    IdSort sort(devices_);
    while (!sort.advance()) ++slices_;
    EXPECT_EQ(sort.size(), devices_.size());
    std::vector<std::string> ids;
    for (const auto number : sort.take()) ids.push_back(devices_[number].device_id);
    return ids;
  }
  std::vector<std::string> expected() const {
    std::vector<std::string> ids;
    for (std::size_t device = 0; device < devices_.size(); ++device)
      if (!devices_[device].device_id.empty()) ids.push_back(devices_[device].device_id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::mt19937 random_{test::new_seed()};
  ChunkedVector<KnownDevice> devices_;
  int slices_ = 0;
};

TEST_F(IdSortTest, sorts_many_ids_in_slices) {
  std::vector<std::string> ids;
  for (std::uint64_t i = 0; i < 50'000; ++i)
    ids.push_back("sensor-" + std::to_string(1'000'000 + i * 7919 % 1'000'003));
  std::shuffle(ids.begin(), ids.end(), random_);
  for (const auto& id : ids) add(id);
  EXPECT_EQ(sorted(), expected());
  EXPECT_GT(slices_, 20);
}

TEST_F(IdSortTest, sorts_ids_that_are_equal_for_long_or_not_at_all) {
  const std::string same(100, 'a');
  for (int i = 0; i < 300; ++i) add(same + std::to_string(random_() % 1'000'000) + same + std::to_string(i));
  EXPECT_EQ(sorted(), expected());
  for (const auto* id : {"b", "a", "\xC3\xA9", "\x01", "zzzzzzzzzzzz"}) add(id);
  EXPECT_EQ(sorted(), expected());
}

TEST_F(IdSortTest, passes_over_gaps) {
  for (const auto* id : {"", "b", "", "a", ""}) add(id);
  EXPECT_EQ(sorted(), expected());
  devices_ = {};
  EXPECT_EQ(sorted(), expected());
}

}  // namespace
}  // namespace ubiety
