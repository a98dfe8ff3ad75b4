#include "actors/store/merger.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/updates.hpp"

namespace ubiety {
namespace {

using Names = std::vector<DeviceId>;

// Shards that answer from a sorted list of devices, a few at a time.
class MergeCursorTest : public ::testing::Test {
 protected:
  UnmergedDevices answer(std::size_t shard, const CollectUnmerged& request) {
    ++questions_;
    if (lost_.contains(shard)) return {};
    UnmergedDevices part{std::make_shared<std::vector<log::DeviceToMerge>>(), request.after, true};
    auto device = std::upper_bound(shards_[shard].begin(), shards_[shard].end(), request.after);
    for (std::size_t i = 0; i < at_a_time_ && device != shards_[shard].end(); ++i, ++device) {
      part.devices->push_back({{test::update_of(*device, 1), {}}, {test::update_of(*device, 1).status}});
      part.reached = *device;
    }
    part.more = device != shards_[shard].end();
    return part;
  }

  Names all(MergeCursor& cursor) {
    Names names;
    for (auto slice = cursor.next(); !slice.empty(); slice = cursor.next())
      for (const auto& device : slice) names.push_back(device.latest.update.device_id);
    return names;
  }

  std::vector<Names> shards_{{"a", "d", "e", "h"}, {}, {"b", "c", "f", "g", "i"}};
  std::set<std::size_t> lost_;
  std::size_t at_a_time_ = 2;
  int questions_ = 0, pauses_ = 0;
  bool goes_on_ = true;
  MergeCursor cursor_{3, [this](std::size_t shard, const CollectUnmerged& request) { return answer(shard, request); },
                      [this](std::chrono::steady_clock::duration) {
                        ++pauses_;
                        return goes_on_;
                      }};
};

TEST_F(MergeCursorTest, returns_the_devices_of_all_shards_in_order) {
  for (at_a_time_ = 1; at_a_time_ < 6; ++at_a_time_) {
    cursor_.begin({}, "");
    EXPECT_EQ(all(cursor_), (Names{"a", "b", "c", "d", "e", "f", "g", "h", "i"})) << at_a_time_;
    EXPECT_EQ(cursor_.updates(), 9u);
  }
}

TEST_F(MergeCursorTest, begins_behind_a_device) {
  cursor_.begin({}, "d");
  EXPECT_EQ(all(cursor_), (Names{"e", "f", "g", "h", "i"}));
}

TEST_F(MergeCursorTest, bounds_a_slice) {
  shards_ = {{}, {}, {}};
  for (int i = 0; i < 1200; ++i) shards_[0].push_back(std::to_string(10'000 + i));
  at_a_time_ = 1200;
  cursor_.begin({}, "");
  EXPECT_LE(cursor_.next().size(), 500u);
  EXPECT_EQ(all(cursor_).size(), 700u);
}

TEST_F(MergeCursorTest, pauses_between_slices_and_stops_when_asked) {
  shards_ = {{"a"}, {}, {}};
  cursor_.begin({}, "");
  EXPECT_EQ(cursor_.next().size(), 1u);
  EXPECT_EQ(pauses_, 0) << "the first slice waits for nothing";
  goes_on_ = false;
  EXPECT_THROW(cursor_.next(), log::MergeInterrupted);
}

TEST_F(MergeCursorTest, ends_when_a_shard_is_lost) {
  lost_.insert(1);
  cursor_.begin({}, "");
  EXPECT_THROW(all(cursor_), log::MergeInterrupted);
}

}  // namespace
}  // namespace ubiety
