#include "storage/log/repetitions.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "support/generators.hpp"

namespace ubiety::log {
namespace {

using std::chrono::seconds;
using Records = std::vector<Status>;
using Times = std::vector<Timestamp>;

Status record(int second, std::int16_t rssi = -60, int received = 0) {
  return {noon + seconds(second), noon + seconds(received), rssi, 76, true};
}

TEST(Repetitions, are_looked_for_at_each_time_once) {
  EXPECT_EQ(times_of(Records{record(3), record(1), record(3, -50)}), (Times{noon + seconds(1), noon + seconds(3)}));
}

TEST(Repetitions, may_lie_in_a_segment_that_spans_one_of_their_times) {
  const Times times{noon + seconds(2), noon + seconds(8)};
  EXPECT_TRUE(has_time(times, noon, noon + seconds(2)));
  EXPECT_TRUE(has_time(times, noon + seconds(8), noon + seconds(9)));
  EXPECT_TRUE(has_time(times, noon, noon + seconds(9)));
  EXPECT_FALSE(has_time(times, noon, noon + seconds(1)));
  EXPECT_FALSE(has_time(times, noon + seconds(3), noon + seconds(7)));
  EXPECT_FALSE(has_time(times, noon + seconds(9), noon + seconds(10)));
}

TEST(Repetitions, can_only_be_of_records_of_their_times) {
  const Times times{noon + seconds(2), noon + seconds(8)};
  Records found{record(0)};
  append_at(times, Records{record(1), record(2), record(2, -50), record(7), record(8)}, found);
  EXPECT_EQ(found, (Records{record(0), record(2), record(2, -50), record(8)}));
}

TEST(Repetitions, are_dropped_whenever_they_were_received) {
  Records records{record(1), record(2, -60, 9), record(2, -50, 10), record(3)};
  drop_stored(records, {record(3, -60, 7), record(4), record(2, -60, 5), record(1, -61)});
  EXPECT_EQ(records, (Records{record(1), record(2, -50, 10)}));
}

}  // namespace
}  // namespace ubiety::log
