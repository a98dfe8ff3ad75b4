#include "actors/shard/muted_devices.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ubiety {
namespace {

// A table whose devices are numbered; a removed one has no id.
class MutedDevicesTest : public ::testing::Test {
 protected:
  void add(const std::string& device_id) {
    ids_.push_back(device_id);
    muted_.note_added(static_cast<std::uint32_t>(ids_.size() - 1), device_id);
  }
  void remove(std::size_t number) {
    muted_.note_removed(static_cast<std::uint32_t>(number), ids_[number]);
    ids_[number].clear();
  }
  void mute_prefix(const std::string& prefix) {
    Mutes mutes;
    mutes.set({{MuteTarget::Kind::prefix, prefix}, latest_timestamp});
    muted_.set(std::make_shared<const Mutes>(mutes));
  }
  bool count(std::size_t most) {
    return muted_.count(ids_.size(), most, [this](std::uint32_t device) {
      return !ids_[device].empty() && muted_.is_muted(ids_[device]);
    });
  }

  std::vector<std::string> ids_;
  MutedDevices muted_;
};

TEST_F(MutedDevicesTest, are_counted_in_slices) {
  for (const auto* id : {"a1", "b1", "a2", "b2", "a3"}) add(id);
  EXPECT_TRUE(count(1)) << "there is nothing to count without mutes";
  mute_prefix("a");
  EXPECT_TRUE(muted_.is_muted("a1"));
  EXPECT_EQ(muted_.until("a1"), latest_timestamp);
  EXPECT_FALSE(muted_.is_muted("b1"));
  EXPECT_FALSE(count(2));
  EXPECT_FALSE(count(2));
  EXPECT_EQ(muted_.devices(), 0) << "as they were counted last";
  EXPECT_TRUE(count(2));
  EXPECT_EQ(muted_.devices(), 3);
  muted_.set(std::make_shared<const Mutes>());
  EXPECT_TRUE(count(10));
  EXPECT_EQ(muted_.devices(), 0);
}

TEST_F(MutedDevicesTest, are_counted_when_they_come_and_go) {
  for (const auto* id : {"a1", "b1"}) add(id);
  mute_prefix("a");
  EXPECT_TRUE(count(10));
  add("a2");
  add("b2");
  EXPECT_EQ(muted_.devices(), 2);
  remove(0);
  remove(1);
  EXPECT_EQ(muted_.devices(), 1);
}

TEST_F(MutedDevicesTest, are_counted_once_when_they_come_and_go_meanwhile) {
  for (const auto* id : {"a1", "a2", "a3", "a4"}) add(id);
  mute_prefix("a");
  EXPECT_FALSE(count(2));
  remove(0);
  remove(3);
  add("a5");
  EXPECT_FALSE(count(2));
  EXPECT_TRUE(count(2));
  EXPECT_EQ(muted_.devices(), 3);
}

TEST_F(MutedDevicesTest, are_counted_from_the_beginning_when_the_mutes_change_again) {
  for (const auto* id : {"a1", "a2", "b1"}) add(id);
  mute_prefix("a");
  EXPECT_FALSE(count(2));
  mute_prefix("b");
  EXPECT_TRUE(count(10));
  EXPECT_EQ(muted_.devices(), 1);
}

}  // namespace
}  // namespace ubiety
