#include "domain/receive_clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "unit/domain/generators.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;

class SetClock final : public Clock {
 public:
  Timestamp now() const override { return time; }

  Timestamp time = noon;
};

TEST(ReceiveClock, GivesTheTimeOfDay) {
  SetClock machine;
  ReceiveClock clock(machine);
  EXPECT_EQ(clock.next(), noon);
  machine.time = noon + 1s;
  EXPECT_EQ(clock.next(), noon + 1s);
  EXPECT_EQ(clock.next(noon + 2s), noon + 2s);
}

TEST(ReceiveClock, RisesWhileTheClockStands) {
  SetClock machine;
  ReceiveClock clock(machine);
  for (const auto step : {0us, 1us, 2us, 3us}) EXPECT_EQ(clock.next(), noon + step);
}

TEST(ReceiveClock, RisesWhenTheClockIsSetBack) {
  SetClock machine;
  ReceiveClock clock(machine);
  clock.next();
  machine.time = noon - 1h;
  EXPECT_EQ(clock.next(), noon + 1us);
  machine.time = noon + 5us;
  EXPECT_EQ(clock.next(), noon + 5us);
}

TEST(ReceiveClock, StartsAfterWhatIsStored) {
  SetClock machine;
  ReceiveClock clock(machine);
  clock.start_after(noon + 1s);
  EXPECT_EQ(clock.next(), noon + 1s + 1us);
  clock.start_after(noon - 1s);  // never back
  EXPECT_EQ(clock.next(), noon + 1s + 2us);
  machine.time = noon + 1min;
  EXPECT_EQ(clock.next(), noon + 1min);
}

RC_GTEST_PROP(ReceiveClock, RisesStrictlyWhateverTheClockDoes, (const std::vector<std::int16_t>& jumps)) {
  const SetClock machine;
  ReceiveClock clock(machine);
  auto last = clock.next();
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
