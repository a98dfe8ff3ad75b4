#include "fleet/listening_clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <utility>
#include <vector>

#include "support/generators.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class ListeningClockTest : public ::testing::Test {
 protected:
  // Time passes in ticks.
  void pass(milliseconds span) {
    for (; span > 0ms; span -= 1s) step(std::min<milliseconds>(span, 1s));
  }
  // Time passes without a tick before its end.
  ListeningMoment step(milliseconds span) {
    steady_ += span;
    wall_ = wall_ + span;
    return clock_.advance(steady_, wall_);
  }
  void pause() { clock_.pause(steady_, wall_); }
  void resume() { clock_.resume(steady_, wall_); }
  milliseconds listened() const { return clock_.moment().now.time_since_epoch(); }
  void restart_after(milliseconds down) {
    steady_ = SteadyTime(77s);  // the machine was restarted, too
    wall_ = wall_ + down;
    clock_ = ListeningClock(steady_, wall_, clock_.saved());
  }

  SteadyTime steady_{1000s};
  Timestamp wall_ = noon;
  ListeningClock clock_{steady_, wall_, std::nullopt};
};

TEST_F(ListeningClockTest, advances_with_the_steady_clock) {
  pass(90s + 250ms);
  EXPECT_EQ(listened(), 90s + 250ms);
  EXPECT_EQ(clock_.moment().interrupted, ListeningTime{});
}

TEST_F(ListeningClockTest, loses_no_fraction) {
  for (int i = 0; i < 3000; ++i) clock_.advance(steady_ += 333'333ns, noon);
  EXPECT_EQ(listened(), 999ms);
}

TEST_F(ListeningClockTest, stands_still_while_paused) {
  pass(10s);
  pause();
  pass(30min);
  EXPECT_EQ(listened(), 10s);
  resume();
  pass(5s);
  EXPECT_EQ(listened(), 15s);
  EXPECT_EQ(clock_.moment().interrupted, ListeningTime(10s));
}

TEST_F(ListeningClockTest, counts_up_to_the_moment_of_a_pause) {
  pass(10s);
  steady_ += 400ms;
  pause();
  steady_ += 300ms;
  resume();
  steady_ += 500ms;
  clock_.advance(steady_, wall_);
  EXPECT_EQ(listened(), 10s + 900ms);
  EXPECT_EQ(clock_.moment().interrupted, ListeningTime(10s + 400ms));
}

TEST_F(ListeningClockTest, does_not_count_a_stopped_process) {
  pass(10s);
  const auto moment = step(20min);
  EXPECT_EQ(moment.now, ListeningTime(10s));
  EXPECT_EQ(moment.interrupted, ListeningTime(10s));
  pass(1s);
  EXPECT_EQ(listened(), 11s);
}

TEST_F(ListeningClockTest, counts_a_late_tick) {
  EXPECT_EQ(step(5s).now, ListeningTime(5s));
  EXPECT_EQ(clock_.moment().interrupted, ListeningTime{});
}

TEST_F(ListeningClockTest, does_not_count_the_time_down) {
  pass(1h);
  restart_after(30min);
  EXPECT_EQ(listened(), 1h);
  pass(1min);
  EXPECT_EQ(listened(), 61min);
  EXPECT_EQ(clock_.moment().interrupted, ListeningTime(1h));
}

TEST_F(ListeningClockTest, is_not_changed_by_the_machines_clock) {
  for (const auto jump : {1h, -1h, 24h * 365 * 3, -24h * 365 * 3}) {
    wall_ = wall_ + jump;
    pass(1min);
  }
  EXPECT_EQ(listened(), 4min);
  EXPECT_EQ(clock_.moment().interrupted, ListeningTime{});
}

TEST_F(ListeningClockTest, knows_the_time_of_day_of_a_past_moment) {
  std::vector<std::pair<ListeningTime, Timestamp>> heard;
  const auto hear = [&] {
    pass(10min);
    heard.emplace_back(clock_.moment().now, wall_);
    pass(10min);
  };
  hear();
  pause();
  pass(30min);
  resume();
  hear();
  step(20min);
  hear();
  wall_ = wall_ + 1h;
  hear();
  for (const auto& [moment, wall] : heard) EXPECT_EQ(clock_.wall_time_of(moment), wall);
}

TEST_F(ListeningClockTest, knows_it_over_a_restart_back_to_the_last_interruption) {
  step(1h);
  pass(10min);
  const auto heard = clock_.moment().now;
  const auto wall = wall_;
  pass(10min);
  restart_after(2h);
  pass(10min);
  EXPECT_EQ(clock_.wall_time_of(heard), wall);
  EXPECT_EQ(clock_.wall_time_of(clock_.moment().now), wall_);
}

TEST_F(ListeningClockTest, remembers_a_bounded_number_of_changes) {
  pass(1min);
  const auto first = clock_.moment().now;
  for (std::size_t i = 0; i < 2 * ListeningClock::remembered_changes; ++i) {
    step(1min);
    pass(1min);
  }
  EXPECT_EQ(clock_.wall_time_of(clock_.moment().now), wall_);
  EXPECT_GT(clock_.wall_time_of(first), noon + 1min) << "the interruptions in between are forgotten";
  EXPECT_LT(clock_.wall_time_of(first), wall_);
}

TEST_F(ListeningClockTest, follows_the_drift_of_the_machines_clock) {
  for (int i = 0; i < 10'000; ++i) {
    wall_ = wall_ + 1ms;
    pass(1s);
    ASSERT_LE(wall_ - clock_.wall_time_of(clock_.moment().now), 1s + 1ms);
  }
}

RC_GTEST_PROP(ListeningClock, never_goes_back_and_never_runs_ahead, (const std::vector<std::uint16_t>& steps)) {
  SteadyTime steady(1000s);
  ListeningClock clock(steady, noon, std::nullopt);
  auto last = clock.moment();
  for (const auto span : steps) {
    if (span % 7 == 0) clock.pause(steady, noon);
    if (span % 7 == 1) clock.resume(steady, noon);
    const bool listens = !clock.is_paused() && milliseconds(span) <= ListeningClock::longest_step;
    const auto moment = clock.advance(steady += milliseconds(span), noon);
    RC_ASSERT(moment.now - last.now == (listens ? milliseconds(span) : 0ms));
    RC_ASSERT(moment.interrupted <= moment.now);
    if (!listens) RC_ASSERT(moment.interrupted == moment.now);
    last = moment;
  }
}

}  // namespace
}  // namespace ubiety
