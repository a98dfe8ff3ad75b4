#include "http/resources/stream/send_budget.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

TEST(SendBudget, comes_back_with_time) {
  const SteadyTime begin{};
  SendBudget budget(1000, begin);
  EXPECT_EQ(budget.left(begin), 1000);
  budget.spend(1500);
  EXPECT_EQ(budget.left(begin), -500) << "a piece may exceed it";
  EXPECT_EQ(budget.left(begin + 400ms), -100);
  EXPECT_EQ(budget.left(begin + 600ms), 100);
}

TEST(SendBudget, saves_a_second) {
  const SteadyTime begin{};
  SendBudget budget(1000, begin);
  EXPECT_EQ(budget.left(begin + 1h), 1000);
  budget.spend(1000);
  EXPECT_EQ(budget.left(begin + 2h), 1000);
}

}  // namespace
}  // namespace ubiety::http
