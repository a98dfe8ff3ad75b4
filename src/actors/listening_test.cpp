#include "actors/listening.hpp"

#include <gtest/gtest.h>

#include "support/updates.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

// 6.9 years after 2020, at the first start of a store.
constexpr ListeningTime first{std::chrono::milliseconds(1'796'000'000'000 - 1'577'836'800'000)};
constexpr Timestamp wall{1'796'000'000'000'000};

class ListeningTest : public ::testing::Test {
 protected:
  ListeningTime tick(bool listens = true) {
    passed_ += 1s;
    return listening_.tick(SteadyTime(passed_), wall + passed_, listens).now;
  }

  seconds passed_{0};
  Listening listening_;
};

TEST_F(ListeningTest, stands_still_before_it_begins) {
  EXPECT_EQ(listening_.moment_at(SteadyTime(100s)).now, ListeningTime{});
}

TEST_F(ListeningTest, begins_so_late_that_devices_may_have_been_heard_before) {
  listening_.continue_from(std::nullopt, SteadyTime{}, wall);
  EXPECT_EQ(listening_.moment_at(SteadyTime{}).now, first);
  EXPECT_EQ(listening_.time_of(wall - std::chrono::hours(24)), first - std::chrono::hours(24));
  EXPECT_EQ(tick(), first + 1s);
  EXPECT_EQ(listening_.moment_at(SteadyTime(1500ms)).now, first + 1500ms) << "between two ticks";
  EXPECT_EQ(listening_.shift(), 0ms);
}

TEST_F(ListeningTest, continues_what_was_saved_without_the_time_since) {
  const ListeningTime listened(1000s);
  listening_.continue_from(ListeningClock::Saved{listened, wall - std::chrono::hours(5)}, SteadyTime{}, wall);
  EXPECT_EQ(tick(), listened + 1s);
  EXPECT_EQ(listening_.time_of(wall - std::chrono::hours(5) - 10s), listened - 10s);
  EXPECT_EQ(listening_.time_of(wall - std::chrono::hours(4)), listened) << "received after it was saved";
  EXPECT_EQ(listening_.saved().listened, listened + 1s);
  EXPECT_EQ(listening_.shift(), 0ms);
}

TEST_F(ListeningTest, stands_still_while_the_service_does_not_listen) {
  listening_.continue_from(std::nullopt, SteadyTime{}, wall);
  const auto before = tick();
  tick(false);
  const auto paused = tick(false);
  EXPECT_LE(paused, before + 1s);
  EXPECT_EQ(tick(false), paused);
  tick();
  EXPECT_EQ(tick(), paused + 1s);
}

// A service that has a spool takes updates before it can ask the store.
TEST_F(ListeningTest, is_later_than_the_store_knows_if_it_began_before) {
  const auto begun = tick();
  EXPECT_GE(begun, first);
  const ListeningTime listened(1000s);
  listening_.continue_from(ListeningClock::Saved{listened, wall}, SteadyTime(passed_), wall + passed_);
  EXPECT_GE(tick(), begun) << "it never goes back";
  EXPECT_EQ(listened + listening_.shift(), first + 1s);
  EXPECT_EQ(listening_.time_of(wall), first + 1s);
}

}  // namespace
}  // namespace ubiety
