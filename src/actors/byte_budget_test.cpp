#include "actors/byte_budget.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace ubiety {
namespace {

TEST(ByteBudgetTest, is_shared_until_it_is_full) {
  ByteBudget budget(100);
  ByteBudget::Share first(budget);
  auto second = std::make_unique<ByteBudget::Share>(budget);
  EXPECT_TRUE(first.grow(60));
  EXPECT_TRUE(second->grow(40));
  EXPECT_FALSE(second->grow(1));
  EXPECT_FALSE(first.grow(1));
  EXPECT_EQ(budget.held(), 100);
  EXPECT_FALSE(budget.has_room_for(1));
  second->shrink(10);
  EXPECT_TRUE(budget.has_room_for(10));
  second.reset();
  EXPECT_EQ(budget.held(), 60);
}

TEST(ByteBudgetTest, lets_one_alone_grow_beyond_it) {
  ByteBudget budget(100);
  EXPECT_TRUE(budget.has_room_for(1000));
  ByteBudget::Share alone(budget);
  EXPECT_TRUE(alone.grow(150));
  EXPECT_TRUE(alone.grow(150));
  ByteBudget::Share other(budget);
  EXPECT_FALSE(other.grow(1));
  EXPECT_EQ(other.bytes(), 0);
  EXPECT_EQ(budget.held(), 300);
}

TEST(ByteBudgetTest, lets_one_alone_grow_on_several_threads) {
  ByteBudget budget(10);
  ByteBudget::Share alone(budget);
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int step = 0; step < 20'000; ++step) refused += alone.grow(3) ? 0 : 1;
      });
  }
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(budget.held(), 240'000);
}

}  // namespace
}  // namespace ubiety
