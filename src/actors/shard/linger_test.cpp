#include "actors/shard/linger.hpp"

#include <gtest/gtest.h>

#include "actors/shard/shard.hpp"
#include "support/fakes.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using test::update_of;

constexpr std::size_t many = 64;

TEST(LingerTest, LastsUntilTheIntervalHasPassed) {
  Linger linger(2ms);
  linger.set_more_expected(true);
  linger.handed_over(SteadyTime{} + 10ms);
  EXPECT_EQ(linger.time_left(SteadyTime{} + 10ms + 500us, 2, 1), 1500us);
  EXPECT_EQ(linger.time_left(SteadyTime{} + 12ms, 2, 1), 0us);
  EXPECT_EQ(linger.time_left(SteadyTime{} + 20ms, 2, 1), 0us);
}

TEST(LingerTest, IsForCompanyOnly) {
  Linger linger(2ms);
  linger.set_more_expected(true);
  linger.handed_over(SteadyTime{});
  EXPECT_EQ(linger.time_left(SteadyTime{}, 1, 1), 0us) << "two clients in turns";
  EXPECT_EQ(linger.time_left(SteadyTime{}, 0, 3), 2ms);
  EXPECT_EQ(linger.time_left(SteadyTime{}, many - 1, 1), 2ms);
  EXPECT_EQ(linger.time_left(SteadyTime{}, many, 1), 0us);
  linger.set_more_expected(false);
  EXPECT_EQ(linger.time_left(SteadyTime{}, 2, 1), 0us);
}

TEST(LingerTest, OfNothingIsNone) {
  Linger linger(0us);
  linger.set_more_expected(true);
  linger.handed_over(SteadyTime{});
  EXPECT_EQ(linger.time_left(SteadyTime{}, 2, 1), 0us);
}

// A shard whose writer and whose timer are the test.
class LingeringShard : public ::testing::Test {
 protected:
  void submit(int count, bool more_expected = true) {
    std::vector<Submission> submissions;
    submissions.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
      submissions.push_back(
          {update_of("device-" + std::to_string(next_), 1), now_ + 5s, answers_.reply_to(next_++), {}});
    shard_.submit(submissions, more_expected);
  }
  void submit_group() {
    auto group = std::make_shared<UpdateGroup>();
    group->updates = {update_of("of a group", 1)};
    group->outcomes.resize(1);
    group->deadline = now_ + 5s;
    shard_.submit(std::move(group));
  }
  void finish_last_batch() { shard_.batch_done(*std::shared_ptr<Batch>(batches_.back()), true); }

  test::Answers<UpdateOutcome> answers_;
  std::uint64_t next_ = 0;
  SteadyTime now_{};
  std::vector<std::shared_ptr<Batch>> batches_;
  std::vector<std::chrono::microseconds> delays_;
  Shard shard_{0,
               NewerThan(test::seconds(300)),
               test::unread,
               [this](std::shared_ptr<Batch> batch) { batches_.push_back(std::move(batch)); },
               [this] { return now_; },
               {2ms, [this](std::chrono::microseconds delay) { delays_.push_back(delay); }}};
};

TEST_F(LingeringShard, HandsOverAtOnceWhenItWasIdle) {
  submit(1);
  EXPECT_EQ(batches_.size(), 1u);
  finish_last_batch();
  submit(1);
  EXPECT_EQ(batches_.size(), 2u);
  EXPECT_TRUE(delays_.empty());
}

TEST_F(LingeringShard, WaitsForMoreBetweenBatches) {
  submit(1);
  submit(3);
  now_ += 500us;
  finish_last_batch();
  EXPECT_EQ(batches_.size(), 1u);
  EXPECT_EQ(delays_, std::vector{1500us});
  EXPECT_TRUE(answers_.of(0)) << "what is committed is answered meanwhile";
  submit(2);
  EXPECT_EQ(batches_.size(), 1u);
  shard_.end_linger();
  ASSERT_EQ(batches_.size(), 2u);
  EXPECT_EQ(batches_.back()->submissions.size(), 5u);
}

TEST_F(LingeringShard, WaitsNoLongerWhenEnoughAreThere) {
  submit(1);
  submit(3);
  finish_last_batch();
  submit(static_cast<int>(many));
  ASSERT_EQ(batches_.size(), 2u);
  shard_.end_linger();  // comes late, and finds a batch on its way
  EXPECT_EQ(batches_.size(), 2u);
}

TEST_F(LingeringShard, DoesNotHoldAGroupUp) {
  submit(1);
  submit(3);
  finish_last_batch();
  EXPECT_EQ(batches_.size(), 1u);
  submit_group();
  ASSERT_EQ(batches_.size(), 2u);
  EXPECT_EQ(batches_.back()->submissions.size(), 3u);
  EXPECT_EQ(batches_.back()->groups.size(), 1u);
}

TEST_F(LingeringShard, HoldsTheWatermarkBack) {
  submit(1);
  submit(3);
  finish_last_batch();
  EXPECT_EQ(shard_.collect_changes({noon + test::seconds(100), test::all_changes}).watermark, noon + test::seconds(1));
}

TEST_F(LingeringShard, DoesNotWaitWhenAllClientsDo) {
  submit(1);
  submit(3, false);
  finish_last_batch();
  EXPECT_EQ(batches_.size(), 2u);
}

}  // namespace
}  // namespace ubiety
