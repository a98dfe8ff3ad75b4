#include "actors/admission.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace ubiety {
namespace {

constexpr Load plenty{1'000'000, 1'000'000};
constexpr Load one{1, 10};

std::int64_t updates_of(const CreditPool& pool) { return pool.in_flight().updates; }

TEST(Admission, admits_as_many_updates_as_it_has_room_for) {
  Admission admission({3, 1000}, 1, plenty);
  std::vector<Credit> credits;
  for (int i = 1; i <= 3; ++i) {
    auto credit = admission.admit(one);
    ASSERT_TRUE(credit);
    credits.push_back(std::move(*credit));
    EXPECT_EQ(updates_of(admission.all()), i);
    EXPECT_EQ(admission.all().in_flight().bytes, 10 * i);
  }
  EXPECT_EQ(admission.admit(one).error(), AdmissionLimit::updates);
  EXPECT_EQ(admission.admit(one).error(), AdmissionLimit::updates);
  EXPECT_EQ(updates_of(admission.all()), 3);
  EXPECT_EQ(admission.all().in_flight().bytes, 30);
  credits.pop_back();
  EXPECT_TRUE(admission.admit(one));
}

TEST(Admission, admits_as_many_bytes_as_it_has_room_for) {
  Admission admission({1000, 100}, 1, plenty);
  const auto credit = admission.admit({1, 60});
  EXPECT_EQ(admission.admit({1, 41}).error(), AdmissionLimit::bytes);
  EXPECT_TRUE(admission.admit({1, 40}));
  EXPECT_EQ(admission.all().in_flight().bytes, 60);
}

TEST(Admission, takes_what_is_larger_than_all_when_it_is_empty) {
  Admission admission({10, 100}, 1, {5, 50});
  auto credit = admission.admit({1000, 1000});
  ASSERT_TRUE(credit);
  EXPECT_FALSE(admission.admit_to_shard(0, *credit));
  EXPECT_FALSE(admission.admit(one));
}

TEST(Admission, lets_a_credit_grow_as_if_it_were_one) {
  Admission admission({10, 100}, 1, plenty);
  auto credit = admission.admit({0, 60});
  ASSERT_TRUE(credit);
  EXPECT_EQ(admission.grow(*credit, {3, 30}), std::nullopt);
  EXPECT_EQ(credit->load().updates, 3);
  EXPECT_EQ(admission.all().in_flight().bytes, 90);
  const auto other = admission.admit(one);
  ASSERT_TRUE(other);
  EXPECT_EQ(admission.grow(*credit, {0, 1}), AdmissionLimit::bytes);
  EXPECT_EQ(admission.grow(*credit, {7, 0}), AdmissionLimit::updates);
  EXPECT_EQ(credit->load().bytes, 90);
}

TEST(Admission, lets_a_credit_that_is_alone_grow_beyond_all) {
  Admission admission({10, 100}, 1, plenty);
  {
    auto credit = admission.admit({0, 60});
    EXPECT_EQ(admission.grow(*credit, {1000, 1000}), std::nullopt);
  }
  EXPECT_EQ(admission.all().in_flight().bytes, 0);
}

TEST(Admission, leaves_a_quarter_to_small_requests) {
  constexpr std::int64_t megabyte = 1024 * 1024;
  Admission admission({1000, 4 * megabyte}, 1, plenty);
  const auto first = admission.admit({1, 2 * megabyte}), second = admission.admit({1, megabyte});
  EXPECT_TRUE(first && second);
  EXPECT_EQ(admission.admit({1, megabyte}).error(), AdmissionLimit::bytes);
  EXPECT_TRUE(admission.admit({1, 16 * 1024}));
}

TEST(Admission, counts_uploads) {
  Admission admission({10, 100'000}, 1, plenty);
  UploadCredit large(admission.all());
  large.set(90'000);
  EXPECT_TRUE(large.is_within_limit()) << "it is alone";
  {
    UploadCredit small(admission.all());
    EXPECT_TRUE(small.is_within_limit());
    small.set(5'000);
    EXPECT_FALSE(large.is_within_limit());
    EXPECT_FALSE(small.is_within_limit());
    large.set(80'000);
    EXPECT_TRUE(small.is_within_limit()) << "an eighth is left";
    EXPECT_FALSE(large.is_within_limit()) << "a quarter is to be left";
    large.set(90'000);
    EXPECT_TRUE(admission.admit({1, 5'000}));
    EXPECT_EQ(admission.admit({1, 5'001}).error(), AdmissionLimit::bytes);
  }
  EXPECT_EQ(admission.all().in_flight().bytes, 90'000);
  large.set(10);
  EXPECT_EQ(admission.all().in_flight().bytes, 10);
}

TEST(Admission, bounds_each_shard_for_itself) {
  Admission admission(plenty, 2, {2, 100});
  std::vector<Credit> credits;
  const auto admit_to = [&](std::uint32_t shard, Load weight) {
    auto credit = admission.admit(weight);
    const auto limit = admission.admit_to_shard(shard, *credit);
    if (!limit) credits.push_back(std::move(*credit));
    return limit;
  };
  EXPECT_EQ(admit_to(0, one), std::nullopt);
  EXPECT_EQ(admit_to(0, {1, 91}), AdmissionLimit::shard_bytes);
  EXPECT_EQ(admit_to(0, one), std::nullopt);
  EXPECT_EQ(admit_to(0, one), AdmissionLimit::shard_updates);
  EXPECT_EQ(admit_to(1, one), std::nullopt);
  EXPECT_EQ(updates_of(admission.of_shard(0)), 2);
  EXPECT_EQ(updates_of(admission.of_shard(1)), 1);
  EXPECT_EQ(updates_of(admission.all()), 3) << "what its shard refuses is not on its way";
  credits.clear();
  EXPECT_EQ(updates_of(admission.of_shard(0)), 0);
  EXPECT_EQ(updates_of(admission.all()), 0);
}

TEST(Admission, gets_a_credit_back_once_however_it_moves) {
  Admission admission(plenty, 1, plenty);
  {
    auto first = std::move(*admission.admit(one));
    EXPECT_FALSE(admission.admit_to_shard(0, first));
    auto moved = std::move(first);
    EXPECT_EQ(updates_of(admission.all()), 1);
    Credit assigned;
    assigned = std::move(moved);
    EXPECT_EQ(updates_of(admission.all()), 1);
    EXPECT_EQ(updates_of(admission.of_shard(0)), 1);
  }
  EXPECT_EQ(updates_of(admission.all()), 0);
  EXPECT_EQ(updates_of(admission.of_shard(0)), 0);
}

TEST(Admission, gets_back_each_part_of_a_credit_that_is_split) {
  Admission admission({10, 1000}, 2, plenty);
  {
    auto credit = std::move(*admission.admit({5, 500}));
    auto part = credit.split({2, 200});
    auto other = credit.split({3, 100});
    EXPECT_FALSE(admission.admit_to_shard(0, part));
    EXPECT_FALSE(admission.admit_to_shard(1, other));
    EXPECT_EQ(credit.load().bytes, 200);
    EXPECT_EQ(updates_of(admission.of_shard(0)), 2);
    EXPECT_EQ(admission.all().in_flight().bytes, 500);
    credit = {};
    EXPECT_EQ(admission.all().in_flight().bytes, 300);
    EXPECT_EQ(updates_of(admission.all()), 5);
  }
  EXPECT_EQ(admission.all().in_flight().bytes, 0);
  EXPECT_EQ(updates_of(admission.all()), 0);
  EXPECT_EQ(updates_of(admission.of_shard(0)) + updates_of(admission.of_shard(1)), 0);
}

TEST(Admission, gets_back_a_credit_that_is_replaced) {
  Admission admission(plenty, 1, plenty);
  auto credit = std::move(*admission.admit(one));
  auto other = std::move(*admission.admit(one));
  {
    auto taken = std::move(other);
    credit = std::move(taken);  // its previous content is destroyed with `taken`
  }
  EXPECT_EQ(updates_of(admission.all()), 1);
  credit = Credit();
  EXPECT_EQ(updates_of(admission.all()), 0);
}

TEST(Admission, never_admits_more_than_it_may_to_many_threads) {
  Admission admission({2, 1000}, 1, plenty);
  std::atomic<int> holding{0}, most{0}, given{0};
  const auto work = [&] {
    for (int i = 0; i < 5000; ++i) {
      const auto credit = admission.admit(one);
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
  EXPECT_EQ(updates_of(admission.all()), 0);
  EXPECT_EQ(admission.all().in_flight().bytes, 0);
}

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
