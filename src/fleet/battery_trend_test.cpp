#include "fleet/battery_trend.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <vector>

namespace ubiety {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp start{1'795'000'000'000'000};

// A battery that reports a level after a while.
class BatteryTrendTest : public ::testing::Test {
 protected:
  std::optional<double> after(std::chrono::seconds pause, int level) {
    return trend_.note(static_cast<std::uint8_t>(level), now_ = now_ + pause);
  }

  Timestamp now_ = start;
  BatteryTrend trend_;
};

TEST_F(BatteryTrendTest, measures_from_one_change_to_another) {
  EXPECT_EQ(after(0h, 60), std::nullopt);
  EXPECT_EQ(after(1h, 59), std::nullopt);  // the first change: from here on
  for (int level = 58; level > 54; --level) EXPECT_EQ(after(6h, level), std::nullopt);
  EXPECT_DOUBLE_EQ(after(6h, 54).value(), 13.5);  // four points a day
}

TEST_F(BatteryTrendTest, does_not_take_the_first_change_for_a_drop) {
  after(0h, 100);
  EXPECT_EQ(after(1h, 90), std::nullopt);
  EXPECT_DOUBLE_EQ(after(24h, 80).value(), 8);
}

TEST_F(BatteryTrendTest, a_level_that_rises_was_charged) {
  after(0h, 50);
  after(1h, 49);
  EXPECT_EQ(after(1h, 51), std::nullopt) << "noise";
  EXPECT_EQ(after(1h, 52), BatteryTrend::never);
  EXPECT_EQ(after(1h, 46), std::nullopt) << "measures from the first change after the charge";
}

TEST_F(BatteryTrendTest, noise_does_not_hide_a_fall) {
  after(0h, 50);
  after(1h, 49);
  for (const int level : {50, 48, 49, 47, 48, 46, 47, 45, 46}) EXPECT_EQ(after(2h, level), std::nullopt) << level;
  const auto days = after(2h, 44);
  ASSERT_TRUE(days);
  EXPECT_NEAR(*days, 44 * (20.0 / 24) / 5, 0.1);
}

TEST_F(BatteryTrendTest, a_level_that_lasts_does_not_fall) {
  after(0h, 81);
  after(1h, 80);
  EXPECT_EQ(after(24h, 80), std::nullopt);
  EXPECT_EQ(after(24h, 80), BatteryTrend::never) << "five points in two days would be 32 days";
}

TEST_F(BatteryTrendTest, an_empty_battery_is_empty_now) {
  after(0h, 9);
  after(1h, 8);
  EXPECT_EQ(after(1h, 0), 0);
}

TEST_F(BatteryTrendTest, a_fall_at_once_takes_two_minutes_at_least) {
  after(0h, 90);
  after(0h, 80);
  EXPECT_NEAR(after(0h, 70).value(), 70 * (2.0 / 24 / 60) / 10, 1e-9);
}

RC_GTEST_PROP(BatteryTrendProperty, is_the_same_after_a_restart, ()) {
  BatteryTrend trend;
  auto now = start;
  for (const auto level : *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::inRange<std::uint8_t>(0, 101))) {
    trend.note(level, now = now + std::chrono::minutes(*rc::gen::inRange(0, 10'000)));
    RC_ASSERT(BatteryTrend::from_bits(trend.bits()) == trend);
  }
}

RC_GTEST_PROP(BatteryTrendProperty, any_bits_are_a_trend, (std::uint32_t bits)) {
  auto trend = BatteryTrend::from_bits(bits);
  RC_ASSERT(BatteryTrend::from_bits(trend.bits()) == trend);
  if (const auto days = trend.note(50, start)) RC_ASSERT(*days >= 0);
}

}  // namespace
}  // namespace ubiety
