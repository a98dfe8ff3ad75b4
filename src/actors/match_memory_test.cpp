#include "actors/match_memory.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

TEST(MatchMemory, names_a_device_that_left_once) {
  MatchMemory memory;
  memory.learn(2, 10, [](std::uint32_t device) { return device == 0; });
  EXPECT_FALSE(memory.note(0, true));
  EXPECT_TRUE(memory.note(0, false));
  EXPECT_FALSE(memory.note(0, false));
  EXPECT_FALSE(memory.note(1, false)) << "it never matched";
  EXPECT_FALSE(memory.note(1, true));
  EXPECT_TRUE(memory.note(1, false));
}

TEST(MatchMemory, takes_a_device_that_it_does_not_know_for_one_that_matched) {
  MatchMemory memory;
  EXPECT_TRUE(memory.note(5, false));
  EXPECT_FALSE(memory.note(5, true));
}

TEST(MatchMemory, learns_in_steps) {
  MatchMemory memory;
  const auto none = [](std::uint32_t) { return false; };
  EXPECT_FALSE(memory.learn(5, 3, none));
  EXPECT_FALSE(memory.note(2, false));
  EXPECT_TRUE(memory.note(3, false));
  EXPECT_TRUE(memory.learn(5, 3, none));
  EXPECT_FALSE(memory.note(4, false));
  EXPECT_TRUE(memory.note(5, false)) << "a device that is new";
}

TEST(MatchMemory, finds_devices_that_match_by_and_by) {
  MatchMemory memory;
  std::uint32_t matching = 0;  // so many, the first ones
  std::vector<std::uint32_t> begun, ended;
  const auto look = [&](std::size_t most) {
    begun.clear();
    ended.clear();
    memory.look_again(
        most, [&](std::uint32_t device) { return device < matching; },
        [&](std::uint32_t device, bool does_match) { (does_match ? begun : ended).push_back(device); });
    return begun;
  };
  EXPECT_TRUE(look(10).empty());
  memory.learn(5, 10, [&](std::uint32_t device) { return device < matching; });
  matching = 4;
  EXPECT_EQ(look(3), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(look(3), std::vector<std::uint32_t>{3});
  EXPECT_TRUE(look(100).empty());
  matching = 2;
  EXPECT_TRUE(look(100).empty());
  EXPECT_EQ(ended, (std::vector<std::uint32_t>{2, 3}));
}

}  // namespace
}  // namespace ubiety
