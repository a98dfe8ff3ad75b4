#include "domain/status.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "support/generators.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using test::any_status;

const NewerThan newer(300s);

Status status(Timestamp timestamp, Timestamp received) { return {timestamp, received, -60, 76, true}; }

TEST(Newer, goes_by_the_devices_time) {
  EXPECT_TRUE(newer(status(noon, noon), status(noon - 1us, noon)));
  EXPECT_FALSE(newer(status(noon - 1us, noon + 1h), status(noon, noon)));
}

TEST(Newer, goes_by_the_time_of_receipt_when_the_devices_times_are_equal) {
  EXPECT_TRUE(newer(status(noon, noon + 2us), status(noon, noon + 1us)));
  EXPECT_FALSE(newer(status(noon, noon + 1us), status(noon, noon + 2us)));
}

TEST(Newer, goes_by_the_values_when_the_times_are_equal) {
  const Status low{noon, noon, -60, 75, true}, high{noon, noon, -60, 76, true};
  EXPECT_TRUE(newer(high, low));
  EXPECT_FALSE(newer(low, high));
}

TEST(Newer, lets_a_clock_ahead_hold_the_latest_for_the_skew_only) {
  for (const auto ahead : {latest_timestamp, noon + 301s}) {
    const auto from_the_future = status(ahead, noon);
    const auto honest = [](std::chrono::microseconds later) { return status(noon + later, noon + later); };
    EXPECT_TRUE(newer(from_the_future, honest(0s)));
    EXPECT_FALSE(newer(honest(300s - 1us), from_the_future));
    EXPECT_TRUE(newer(honest(300s), from_the_future));
    EXPECT_FALSE(newer(from_the_future, honest(300s)));
  }
}

TEST(Newer, leaves_a_clock_ahead_by_less_than_the_skew_alone) {
  const auto slightly_ahead = status(noon + 299s, noon);
  EXPECT_FALSE(newer(status(noon + 298s, noon + 298s), slightly_ahead));
  EXPECT_TRUE(newer(status(noon + 299s, noon + 299s), slightly_ahead));
}

TEST(Newer, goes_by_the_time_of_receipt_when_all_clocks_are_ahead) {
  EXPECT_TRUE(newer(status(noon + 10h, noon + 1s), status(latest_timestamp, noon)));
}

RC_GTEST_PROP(Newer, orders_any_two_but_equals, ()) {
  const auto a = *any_status(), b = *any_status();
  RC_ASSERT(!newer(a, a));
  RC_ASSERT(int{newer(a, b)} + int{newer(b, a)} == (a == b ? 0 : 1));
}

RC_GTEST_PROP(Newer, is_transitive, ()) {
  auto sorted = std::vector{*any_status(), *any_status(), *any_status()};
  std::sort(sorted.begin(), sorted.end(), [](const Status& l, const Status& r) { return newer(r, l); });
  RC_ASSERT(!newer(sorted[0], sorted[1]));
  RC_ASSERT(!newer(sorted[1], sorted[2]));
  RC_ASSERT(!newer(sorted[0], sorted[2]));
  if (newer(sorted[1], sorted[0]) || newer(sorted[2], sorted[1])) RC_ASSERT(newer(sorted[2], sorted[0]));
}

RC_GTEST_PROP(Newer, chooses_the_same_latest_in_any_order_of_arrival, ()) {
  auto arriving = *rc::gen::nonEmpty(rc::gen::container<std::vector<Status>>(any_status()));
  const auto latest_of = [](const std::vector<Status>& statuses) {
    auto latest = statuses.front();
    for (const auto& candidate : statuses)
      if (newer(candidate, latest)) latest = candidate;
    return latest;
  };
  const auto latest = latest_of(arriving);
  for (const auto& each : arriving) RC_ASSERT(!newer(each, latest));
  std::reverse(arriving.begin(), arriving.end());
  RC_ASSERT(latest_of(arriving) == latest);
  std::rotate(arriving.begin(), arriving.begin() + *rc::gen::inRange(0, static_cast<int>(arriving.size())),
              arriving.end());
  RC_ASSERT(latest_of(arriving) == latest);
}

}  // namespace
}  // namespace ubiety
