#include "domain/random.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace ubiety {
namespace {

TEST(Random, returns_different_numbers_to_all_threads) {
  std::set<std::uint64_t> numbers;
  std::mutex mutex;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int k = 0; k < 1000; ++k) {
          const auto number = random_number();
          const std::lock_guard lock(mutex);
          numbers.insert(number);
        }
      });
  }
  EXPECT_EQ(numbers.size(), 4000u);
}

TEST(Random, returns_a_different_secret_each_time) { EXPECT_NE(random_secret(), random_secret()); }

}  // namespace
}  // namespace ubiety
