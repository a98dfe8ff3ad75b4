#include "actors/store/recent_removals.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using Removals = RecentRemovals::Removals;

const SteadyTime begin{};

TEST(RecentRemovals, are_kept_for_a_while) {
  RecentRemovals recent;
  const Removals first{{"a", {1}}, {"b", {1}}}, second{{"a", {2}}};
  recent.add(first, begin);
  recent.add(second, begin + 1min);
  EXPECT_EQ(recent.get(begin + RecentRemovals::kept_for), (std::vector<Removals>{first, second}));
  EXPECT_EQ(recent.devices(), 3u);
  EXPECT_EQ(recent.get(begin + RecentRemovals::kept_for + 1s), std::vector<Removals>{second});
  EXPECT_EQ(recent.devices(), 1u);
}

TEST(RecentRemovals, are_bounded) {
  RecentRemovals recent;
  const Removals old{{"old", {1}}};
  Removals many;
  for (std::size_t i = 0; i < RecentRemovals::most_devices; ++i) many.push_back({"many-" + std::to_string(i), {2}});
  recent.add(old, begin);
  recent.add(many, begin);
  EXPECT_EQ(recent.get(begin), std::vector<Removals>{many});
}

}  // namespace
}  // namespace ubiety
