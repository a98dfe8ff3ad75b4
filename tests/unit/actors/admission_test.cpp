#include "actors/admission.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace ubiety {
namespace {

TEST(Admission, GivesAsManyCreditsAsItsCapacity) {
  Admission admission(3);
  EXPECT_EQ(admission.capacity(), 3);
  std::vector<Credit> credits;
  for (int i = 1; i <= 3; ++i) {
    auto credit = admission.admit();
    ASSERT_TRUE(credit);
    credits.push_back(std::move(*credit));
    EXPECT_EQ(admission.in_flight(), i);
  }
  EXPECT_FALSE(admission.admit());
  EXPECT_FALSE(admission.admit());
  EXPECT_EQ(admission.in_flight(), 3);
  credits.pop_back();
  EXPECT_TRUE(admission.admit());
}

TEST(Admission, GetsACreditBackWhenItDies) {
  Admission admission(1);
  {
    const auto credit = admission.admit();
    EXPECT_EQ(admission.in_flight(), 1);
  }
  EXPECT_EQ(admission.in_flight(), 0);
  EXPECT_TRUE(admission.admit());
}

TEST(Admission, GetsACreditBackOnceHoweverItMoves) {
  Admission admission(2);
  {
    auto first = *admission.admit();
    auto moved = std::move(first);
    EXPECT_EQ(admission.in_flight(), 1);
    Credit assigned;
    assigned = std::move(moved);
    EXPECT_EQ(admission.in_flight(), 1);
  }
  EXPECT_EQ(admission.in_flight(), 0);
}

TEST(Admission, GetsBackACreditThatIsReplaced) {
  Admission admission(2);
  auto credit = *admission.admit();
  auto other = *admission.admit();
  {
    auto taken = std::move(other);
    credit = std::move(taken);  // what it held before dies with `taken`
  }
  EXPECT_EQ(admission.in_flight(), 1);
  credit = Credit();
  EXPECT_EQ(admission.in_flight(), 0);
}

TEST(Admission, NeedsNoCreditOfNobody) {
  Admission admission(1);
  { const Credit none; }
  EXPECT_EQ(admission.in_flight(), 0);
}

TEST(Admission, WithoutCapacityGivesNone) {
  Admission admission(0);
  EXPECT_FALSE(admission.admit());
  EXPECT_EQ(admission.in_flight(), 0);
}

TEST(Admission, NeverGivesMoreThanItsCapacityToManyThreads) {
  Admission admission(2);
  std::atomic<int> holding{0}, most{0}, given{0};
  const auto work = [&] {
    for (int i = 0; i < 5000; ++i) {
      const auto credit = admission.admit();
      if (!credit) continue;
      ++given;
      const int now = ++holding;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      --holding;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  }
  EXPECT_GT(given, 0);
  EXPECT_LE(most, 2);
  EXPECT_EQ(admission.in_flight(), 0);
}

}  // namespace
}  // namespace ubiety
