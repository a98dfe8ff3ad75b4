#include "fleet/rhythm.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "support/exact_rhythm.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::milliseconds;

// A rhythm, and the time at which it learns.
class RhythmTest : public ::testing::Test {
 protected:
  void learn(milliseconds gap, int times = 1) {
    for (; times > 0; --times) rhythm_.learn(gap, now_ += gap);
  }

  ListeningTime now_{1h};
  Rhythm rhythm_;
};

TEST(GapCode, is_exact_up_to_half_an_hour) {
  for (const milliseconds gap : {0ms, 250ms, 1000ms, milliseconds(34min), milliseconds(4095 * 250)})
    EXPECT_EQ(GapCode::of(gap).gap(), gap);
  EXPECT_EQ(GapCode::of(249ms).gap(), 0ms);
  EXPECT_EQ(GapCode::of(-5s).gap(), 0ms);
}

TEST(GapCode, stands_for_388_days_at_most) {
  EXPECT_EQ(GapCode::of(GapCode::longest).gap(), GapCode::longest);
  EXPECT_EQ(GapCode::of(days(5000)).gap(), GapCode::longest);
  EXPECT_EQ(std::chrono::floor<days>(GapCode::longest), days(388));
}

TEST(GapCode, has_one_meaning_for_each_number_in_their_order) {
  for (unsigned bits = 0; bits < 0xFFFF; ++bits) {
    const GapCode code(static_cast<std::uint16_t>(bits)), next(static_cast<std::uint16_t>(bits + 1));
    ASSERT_LT(code.gap(), next.gap());
    ASSERT_EQ(GapCode::of(std::chrono::duration_cast<milliseconds>(code.gap())), code);
    ASSERT_EQ(GapCode::of(std::chrono::duration_cast<milliseconds>(next.gap()) - 1ms), code) << "rounds down";
  }
}

TEST_F(RhythmTest, is_the_second_longest_gap) {
  learn(10min);
  EXPECT_EQ(rhythm_.usual(), 0s);
  learn(30min);
  EXPECT_EQ(rhythm_.usual(), 10min);
  learn(20min);
  EXPECT_EQ(rhythm_.usual(), 20min);
  learn(1min, 100);
  EXPECT_EQ(rhythm_.usual(), 20min);
}

TEST_F(RhythmTest, is_known_after_three_gaps) {
  for (const bool known : {false, false, true, true}) {
    learn(1h);
    EXPECT_EQ(rhythm_.is_known(), known);
  }
}

TEST_F(RhythmTest, knows_two_days_after_49_hours) {
  learn(1h, 49);
  EXPECT_FALSE(rhythm_.knows_two_days(now_));
  learn(1h);
  EXPECT_TRUE(rhythm_.knows_two_days(now_));
  learn(1h, 24 * 7 - 49);  // a new window has begun
  EXPECT_LT(now_ - rhythm_.window_end(), -days(6));
  EXPECT_TRUE(rhythm_.knows_two_days(now_));
}

TEST_F(RhythmTest, remembers_two_windows) {
  learn(5h, 2);
  learn(1h, 24 * 7);  // the second window begins
  EXPECT_EQ(rhythm_.usual(), 5h);
  learn(1h, 24 * 7 + 2);  // the third
  EXPECT_EQ(rhythm_.usual(), 1h);
}

TEST_F(RhythmTest, has_a_longer_window_for_a_slow_device) {
  learn(days(3), 2);
  EXPECT_EQ(rhythm_.window_end() - now_, days(24 - 3));
  learn(days(1), 20);
  EXPECT_EQ(rhythm_.usual(), days(3));
}

TEST_F(RhythmTest, forgets_all_after_two_windows_without_a_gap) {
  learn(1h, 10);
  now_ = rhythm_.forgets_at() + 1s;
  learn(2h);
  EXPECT_EQ(rhythm_.usual(), 0s);
  EXPECT_FALSE(rhythm_.is_known());
}

TEST_F(RhythmTest, has_the_documented_bytes) {
  now_ = ListeningTime(0x01020304s);
  rhythm_.learn(1s, now_);
  rhythm_.learn(1025s, now_);
  const std::array<int, 12> expected{0x10, 0x04, 0x00, 0x04, 0, 0, 0, 0, 0x81, 0x02, 0x03, 0x04};
  const auto bytes = rhythm_.to_bytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_EQ(std::to_integer<int>(bytes[i]), expected[i]) << i;
}

TEST_F(RhythmTest, keeps_its_gaps_if_a_database_has_a_start_in_the_future) {
  learn(1h, 5);
  rhythm_.learn(1min, ListeningTime(1min));
  EXPECT_EQ(rhythm_.usual(), 1h);
  EXPECT_EQ(rhythm_.window_end(), ListeningTime(1min) + days(7));
}

// Gaps from a fraction of a second to months, the short ones more often.
rc::Gen<std::vector<milliseconds>> any_gaps() {
  const auto gap =
      rc::gen::apply([](int magnitude, int part) { return milliseconds(((part + 1000LL) << magnitude) / 8); },
                     rc::gen::inRange(0, 26), rc::gen::inRange(0, 1000));
  return rc::gen::container<std::vector<milliseconds>>(gap);
}

// Within the 34 years for which a rhythm lasts.
RC_GTEST_PROP(Rhythm, is_the_rule_with_unbounded_memory, ()) {
  const auto gaps = *any_gaps();
  const auto repeats = *rc::gen::inRange(1, 40);
  Rhythm rhythm;
  test::ExactRhythm exact;
  ListeningTime now{};
  for (const auto gap : gaps)
    for (int i = 0; i < repeats && now + gap < ListeningTime(30 * days(365)); ++i) {
      now += gap + milliseconds(i * 37);
      rhythm.learn(gap + milliseconds(i * 37), now);
      exact.learn(gap + milliseconds(i * 37), now);
      RC_ASSERT(rhythm.usual() == exact.usual());
      RC_ASSERT(rhythm.is_known() == exact.is_known());
    }
}

RC_GTEST_PROP(Rhythm, falls_only_when_it_says, ()) {
  const auto gaps = *any_gaps();
  Rhythm rhythm;
  ListeningTime now{};
  for (const auto gap : gaps) {
    const auto before = rhythm;
    now += gap;
    rhythm.learn(gap, now);
    if (now < before.window_end()) RC_ASSERT(rhythm.usual() >= before.usual());
    if (now < before.forgets_at()) RC_ASSERT(rhythm.usual() >= before.usual_after_window());
  }
}

RC_GTEST_PROP(Rhythm, comes_back_from_its_bytes, ()) {
  Rhythm rhythm;
  ListeningTime now{};
  for (const auto gap : *any_gaps()) rhythm.learn(gap, now += gap);
  RC_ASSERT(Rhythm::from_bytes(rhythm.to_bytes()) == rhythm);
}

RC_GTEST_PROP(Rhythm, takes_any_bytes, (const std::array<std::uint8_t, 12>& numbers)) {
  Rhythm::Bytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = std::byte{numbers[i]};
  auto rhythm = Rhythm::from_bytes(bytes);
  RC_ASSERT(Rhythm::from_bytes(rhythm.to_bytes()) == rhythm);
  for (int i = 0; i < 3; ++i) {
    rhythm.learn(1min, ListeningTime(1h));
    RC_ASSERT(rhythm.usual() <= GapCode::longest);
    RC_ASSERT(rhythm.window_end() <= ListeningTime(1h) + 9 * GapCode::longest);
  }
}

}  // namespace
}  // namespace ubiety
