#include "actors/shard/changed_devices.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <vector>

namespace ubiety {
namespace {

using Indices = std::vector<std::size_t>;

Indices collect(ChangedDevices& changed, std::size_t most, bool more_expected) {
  Indices told;
  EXPECT_EQ(changed.collect(most, [&](std::size_t index) { told.push_back(index); }), more_expected);
  return told;
}

TEST(ChangedDevices, has_none_at_first) {
  ChangedDevices changed;
  changed.begin_collection();
  EXPECT_EQ(collect(changed, 10, false), Indices{});
}

TEST(ChangedDevices, collects_parts_of_the_wanted_size) {
  ChangedDevices changed;
  for (const std::size_t index : {200, 3, 64, 63, 0}) changed.mark(index);
  changed.begin_collection();
  EXPECT_EQ(collect(changed, 2, true), (Indices{0, 3}));
  EXPECT_EQ(collect(changed, 3, false), (Indices{63, 64, 200}));
  EXPECT_EQ(collect(changed, 3, false), Indices{});
}

TEST(ChangedDevices, leaves_marks_behind_the_collection_for_the_next_one) {
  ChangedDevices changed;
  for (const std::size_t index : {1, 2, 3}) changed.mark(index);
  changed.begin_collection();
  EXPECT_EQ(collect(changed, 2, true), (Indices{1, 2}));
  changed.mark(1);
  changed.mark(1000);  // a device that is new since
  EXPECT_EQ(collect(changed, 9, false), (Indices{3}));
  changed.begin_collection();
  EXPECT_EQ(collect(changed, 9, false), (Indices{1, 1000}));
}

TEST(ChangedDevices, keeps_what_an_abandoned_collection_did_not_return) {
  ChangedDevices changed;
  for (const std::size_t index : {1, 2, 3}) changed.mark(index);
  changed.begin_collection();
  collect(changed, 1, true);
  changed.begin_collection();
  EXPECT_EQ(collect(changed, 9, false), (Indices{2, 3}));
}

RC_GTEST_PROP(ChangedDevices, collects_each_once_and_loses_none, ()) {
  ChangedDevices changed;
  std::set<std::size_t> expected;
  for (int round = 0; round < 5; ++round) {
    for (const auto index : *rc::gen::container<Indices>(rc::gen::inRange<std::size_t>(0, 300))) {
      changed.mark(index);
      expected.insert(index);
    }
    changed.begin_collection();
    for (bool more = true; more;) {
      Indices part;
      const auto most = *rc::gen::inRange<std::size_t>(1, 20);
      more = changed.collect(most, [&](std::size_t index) { part.push_back(index); });
      RC_ASSERT(part.size() <= most);
      for (const auto index : part) RC_ASSERT(expected.erase(index) == 1u);
    }
    RC_ASSERT(expected.empty());
  }
}

}  // namespace
}  // namespace ubiety
