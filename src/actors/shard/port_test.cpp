#include "actors/shard/port.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "support/device_table.hpp"
#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::update_of;

Parcels one_parcel(const test::Updates& updates) {
  Parcels parcels;
  parcels.push_back(test::parcel_of(updates));
  return parcels;
}

TEST(ShardPortTest, wakes_an_idle_shard_once) {
  ShardPort port;
  EXPECT_TRUE(port.submit(one_parcel({update_of("a", 1)})));
  EXPECT_FALSE(port.submit(one_parcel({update_of("b", 1)})));
  EXPECT_EQ(port.take().size(), 2u);
  EXPECT_TRUE(port.submit(one_parcel({update_of("c", 1)})));
}

TEST(ShardPortTest, wakes_no_shard_that_looks_by_itself) {
  ShardPort port;
  port.set_wake_threshold(ShardPort::never);
  EXPECT_FALSE(port.submit(one_parcel({update_of("a", 1), update_of("b", 1)})));
  EXPECT_TRUE(port.set_wake_threshold(1)) << "the parcel came before the threshold fell";
}

TEST(ShardPortTest, wakes_a_lingering_shard_for_a_parcel_of_several_updates) {
  ShardPort port;
  port.set_wake_threshold(Linger::missing_to_a_commit(3));
  EXPECT_FALSE(port.submit(one_parcel({update_of("a", 1)})));
  EXPECT_TRUE(port.submit(one_parcel({update_of("a", 2), update_of("b", 1)})));
}

// One thread submits and another takes, as the loop and the shard do. The shard looks only when it was woken, or when
// the port says so: then it must have found all, in their order.
TEST(ShardPortTest, loses_no_parcel_between_threads) {
  constexpr int parcels = 20'000;
  ShardPort port;
  std::atomic<int> wakes{0};
  std::thread loop([&] {
    for (int i = 0; i < parcels; ++i)
      if (port.submit(one_parcel({update_of("a", i)}))) ++wakes;
  });
  int taken = 0, in_order = 0;
  const auto take = [&] {
    for (const auto& parcel : port.take())
      in_order += parcel->updates().front().update.status.timestamp == noon + test::seconds(taken++) ? 1 : 0;
  };
  while (taken < parcels) {
    if (wakes.exchange(0) == 0) {
      std::this_thread::yield();
      continue;
    }
    take();
    port.set_wake_threshold(ShardPort::never);
    while (port.set_wake_threshold(1)) take();
  }
  loop.join();
  EXPECT_EQ(in_order, parcels);
}

// The shard writes and fails while other threads read past its mailbox.
TEST(ShardPortTest, shows_whole_statuses_while_the_shard_writes) {
  ShardPort port;
  test::Table table(test::unread);
  table.apply(update_of("a", 0));
  std::atomic<bool> done{false};
  std::atomic<int> found{0}, torn{0};
  std::thread reader([&] {
    while (!done || found == 0) {
      port.try_version();
      const auto state = port.try_latest("a");
      if (!state || !*state) continue;
      ++found;
      if (const auto& status = (*state)->state.status; status.timestamp != status.received) ++torn;
    }
  });
  port.view().show(table);
  for (int second = 1; second < 20'000; ++second) {
    if (second % 100 == 0) port.view().hide();
    port.view().while_hidden([&] { table.apply(update_of("a", second)); });
    if (second % 100 == 0) port.view().show(table);
    port.note_oldest_waiting(noon + test::seconds(second));
  }
  done = true;
  reader.join();
  EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace ubiety
