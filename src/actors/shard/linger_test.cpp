#include "actors/shard/linger.hpp"

#include <gtest/gtest.h>

#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using test::update_of;

constexpr std::size_t many = 64;

class LingerTest : public ::testing::Test {
 protected:
  std::atomic<bool> clients_may_send_{true};
  Linger linger_{2ms, clients_may_send_};
};

TEST_F(LingerTest, lasts_until_the_interval_has_passed) {
  linger_.note_sent(SteadyTime{} + 10ms);
  EXPECT_EQ(linger_.time_left(SteadyTime{} + 10ms + 500us, 2, 1), 1500us);
  EXPECT_EQ(linger_.time_left(SteadyTime{} + 12ms, 2, 1), 0us);
  EXPECT_EQ(linger_.time_left(SteadyTime{} + 20ms, 2, 1), 0us);
}

TEST_F(LingerTest, is_for_company_only) {
  linger_.note_sent(SteadyTime{});
  EXPECT_EQ(linger_.time_left(SteadyTime{}, 1, 1), 0us) << "two clients in turns";
  EXPECT_EQ(linger_.time_left(SteadyTime{}, 0, 3), 2ms);
  EXPECT_EQ(linger_.time_left(SteadyTime{}, many - 1, 1), 2ms);
  EXPECT_EQ(linger_.time_left(SteadyTime{}, many, 1), 0us);
  clients_may_send_ = false;
  EXPECT_EQ(linger_.time_left(SteadyTime{}, 2, 1), 0us);
}

TEST_F(LingerTest, is_none_for_nothing) {
  Linger linger(0us, clients_may_send_);
  linger.note_sent(SteadyTime{});
  EXPECT_EQ(linger.time_left(SteadyTime{}, 2, 1), 0us);
}

TEST_F(LingerTest, counts_a_parcel_of_several_updates_as_worth_a_commit) {
  EXPECT_EQ(Linger::worth_of(*test::parcel_of({update_of("a", 1)})), 1u);
  EXPECT_TRUE(Linger::is_worth_a_commit(Linger::worth_of(*test::parcel_of({update_of("a", 1), update_of("b", 1)}))));
}

class LingeringShard : public ::testing::Test, protected test::DrivenShard {
 protected:
  LingeringShard() : DrivenShard({0, NewerThan(test::seconds(300)), test::unread, 2ms}) { clients_may_send = true; }

  // So many reports. Returns the ticket of the first.
  std::uint64_t send(int count) {
    test::Updates updates;
    for (int i = 0; i < count; ++i) updates.push_back(update_of("device-" + std::to_string(next_device_++), 1));
    return submit_each(updates);
  }

 private:
  int next_device_ = 0;
};

TEST_F(LingeringShard, sends_at_once_when_it_was_idle) {
  send(1);
  EXPECT_EQ(batches.size(), 1u);
  finish_last_batch();
  send(1);
  EXPECT_EQ(batches.size(), 2u);
  EXPECT_TRUE(delays.empty());
}

TEST_F(LingeringShard, waits_for_more_between_batches) {
  send(1);
  send(3);
  now += 500us;
  finish_last_batch();
  EXPECT_EQ(batches.size(), 1u);
  EXPECT_EQ(delays, std::vector{1500us});
  EXPECT_TRUE(outcome_of(0)) << "what is committed is answered meanwhile";
  send(2);
  EXPECT_EQ(batches.size(), 1u);
  shard().end_linger();
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(batches.back()->parcels.size(), 5u);
}

TEST_F(LingeringShard, waits_no_longer_when_enough_are_there) {
  send(1);
  send(3);
  finish_last_batch();
  send(static_cast<int>(many));
  ASSERT_EQ(batches.size(), 2u);
  shard().end_linger();  // comes late, and finds a batch on its way
  EXPECT_EQ(batches.size(), 2u);
}

TEST_F(LingeringShard, sends_a_parcel_of_several_updates_at_once) {
  send(1);
  send(3);
  finish_last_batch();
  EXPECT_EQ(batches.size(), 1u);
  submit({update_of("a", 1), update_of("b", 1)});
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(batches.back()->parcels.size(), 4u);
}

TEST_F(LingeringShard, does_not_wait_when_all_clients_do) {
  send(1);
  send(3);
  clients_may_send = false;
  finish_last_batch();
  EXPECT_EQ(batches.size(), 2u);
}

}  // namespace
}  // namespace ubiety
