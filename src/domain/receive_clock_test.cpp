#include "domain/receive_clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "support/generators.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

TEST(ReceiveClock, gives_the_time_of_day) {
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

TEST(ReceiveClock, hears_of_what_is_stored_once) {
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

}  // namespace
}  // namespace ubiety
