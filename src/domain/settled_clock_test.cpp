#include "domain/settled_clock.hpp"

#include <gtest/gtest.h>

#include "support/generators.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

class SettledClockTest : public ::testing::Test {
 protected:
  class SetClock final : public Clock {
   public:
    Timestamp now() const override { return time; }

    Timestamp time = noon;
  };

  // Both clocks go on.
  void pass(std::chrono::microseconds span) {
    machine_.time = machine_.time + span;
    steady_ += span;
  }
  Timestamp now() { return clock_.now(steady_); }

  SetClock machine_;
  SteadyTime steady_{1000s};
  SettledClock clock_{machine_, steady_};
};

TEST_F(SettledClockTest, goes_with_the_machines_clock) {
  EXPECT_EQ(now(), noon);
  pass(3h);
  EXPECT_EQ(now(), noon + 3h);
}

TEST_F(SettledClockTest, follows_small_corrections) {
  for (int i = 0; i < 100; ++i) {
    pass(1s);
    machine_.time = machine_.time + 900ms;
    EXPECT_EQ(now(), machine_.time);
  }
}

TEST_F(SettledClockTest, follows_it_back_at_once) {
  machine_.time = noon - 24h;
  EXPECT_EQ(now(), noon - 24h);
}

TEST_F(SettledClockTest, does_not_follow_a_moment_ahead) {
  machine_.time = noon + 24h * 1000;
  EXPECT_EQ(now(), noon);
  pass(50min);
  EXPECT_EQ(now(), noon + 50min);
  machine_.time = noon + 50min;
  EXPECT_EQ(now(), noon + 50min);
  machine_.time = noon + 24h * 1000;  // the hour begins again
  now();
  pass(50min);
  EXPECT_EQ(now(), noon + 100min);
}

TEST_F(SettledClockTest, believes_a_jump_ahead_after_an_hour) {
  machine_.time = noon + 24h;
  now();
  pass(59min);
  EXPECT_EQ(now(), noon + 59min);
  pass(1min);
  EXPECT_EQ(now(), noon + 25h);
}

}  // namespace
}  // namespace ubiety
