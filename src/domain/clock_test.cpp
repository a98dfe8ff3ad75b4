#include "domain/clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "support/generators.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

TEST(ReceiveClock, returns_the_time_of_day) {
  ReceiveClock clock;
  EXPECT_EQ(clock.next(noon), noon);
  EXPECT_EQ(clock.next(noon + 2s), noon + 2s);
}

TEST(ReceiveClock, rises_while_the_clock_stands) {
  ReceiveClock clock;
  for (const auto step : {0us, 1us, 2us, 3us}) EXPECT_EQ(clock.next(noon), noon + step);
}

TEST(ReceiveClock, rises_when_the_clock_is_set_back) {
  ReceiveClock clock;
  clock.next(noon);
  EXPECT_EQ(clock.next(noon - 1s), noon + 1us);
  EXPECT_EQ(clock.next(noon + 5us), noon + 5us);
}

TEST(ReceiveClock, is_ahead_by_more_than_a_second_only) {
  ReceiveClock clock;
  clock.next(noon);
  EXPECT_FALSE(clock.is_ahead_of(noon - 1s));
  EXPECT_TRUE(clock.is_ahead_of(noon - 1s - 1us));
  clock.step_back_to(noon - 1h);
  EXPECT_FALSE(clock.is_ahead_of(noon - 1h));
  EXPECT_EQ(clock.next(noon - 1h), noon - 1h);
  EXPECT_EQ(clock.next(noon - 1h), noon - 1h + 1us);
}

TEST(ReceiveClock, starts_after_what_is_stored) {
  ReceiveClock clock;
  clock.start_after(noon + 1s);
  EXPECT_EQ(clock.next(noon), noon + 1s + 1us);
  clock.start_after(noon - 1s);  // never back
  EXPECT_EQ(clock.next(noon), noon + 1s + 2us);
  EXPECT_EQ(clock.next(noon + 1min), noon + 1min);
}

TEST(ReceiveClock, follows_a_stored_time_only_once) {
  ReceiveClock clock;
  clock.start_after(noon + 1h);
  clock.step_back_to(noon);
  clock.start_after(noon + 1h);
  EXPECT_EQ(clock.next(noon), noon);
}

RC_GTEST_PROP(ReceiveClock, rises_strictly_whatever_the_clock_does, (const std::vector<std::int16_t>& jumps)) {
  ReceiveClock clock;
  auto last = clock.next(noon);
  for (const auto jump : jumps) {
    const auto now = noon + std::chrono::microseconds(jump);
    const auto next = clock.next(now);
    RC_ASSERT(next > last);
    RC_ASSERT(next >= now);
    last = next;
  }
}

class SettledClockTest : public ::testing::Test {
 protected:
  class SetClock final : public Clock {
   public:
    Timestamp now() const override { return time; }

    Timestamp time = noon;
  };

  // Advances both clocks.
  void pass(std::chrono::microseconds span) {
    machine_.time = machine_.time + span;
    steady_ += span;
  }
  Timestamp now() { return clock_.now(steady_); }

  SetClock machine_;
  SteadyTime steady_{1000s};
  SettledClock clock_{machine_, steady_};
};

TEST_F(SettledClockTest, follows_the_machines_clock) {
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

TEST_F(SettledClockTest, follows_a_jump_back_at_once) {
  machine_.time = noon - 24h;
  EXPECT_EQ(now(), noon - 24h);
}

TEST_F(SettledClockTest, ignores_a_short_jump_ahead) {
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
