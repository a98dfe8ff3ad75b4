#include "fleet/device_watch.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>

namespace ubiety {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp start{1'795'000'000'000'000};
constexpr auto stale_after = 60s, patience = 120s;
constexpr GroupNumber hall = 1, shed = 2;

class DeviceWatchTest : public ::testing::Test {
 protected:
  std::uint32_t add(GroupNumber group = hall) {
    devices_.emplace_back(report(50));
    const auto device = static_cast<std::uint32_t>(devices_.size() - 1);
    watch_.add(device, devices_.back(), group, now_);
    here_.push_back(true);
    return device;
  }
  Status report(int level) const { return {wall(), wall(), -60, static_cast<std::uint8_t>(level), true}; }
  void hear(std::uint32_t device, int level = 50) {
    const auto before = devices_[device].status();
    const auto status = report(level);
    devices_[device].set(status);
    watch_.note_latest(device, devices_[device], before);
    watch_.heard(device, devices_[device], status, {now_});
  }
  // Lets time pass and takes the changes of each second. Raises each suspect.
  void pass(std::chrono::seconds span) {
    for (const auto end = now_ + span; now_ < end;) {
      now_ += 1s;
      for (const auto& suspect : watch_
                                     .advance(
                                         now_, wall(), [&](std::uint32_t device) -> auto& { return devices_[device]; })
                                     .suspects)
        watch_.raise_silent(suspect.device.device, devices_[suspect.device.device], start);
    }
  }
  Timestamp wall() const { return start + now_.time_since_epoch(); }
  std::uint32_t silent(GroupNumber group) const { return watch_.group_totals()[group].silent; }

  ListeningTime now_{1h};
  std::deque<WatchedStatus> devices_;
  std::vector<bool> here_;
  DeviceWatch watch_{SilenceWatch(0, stale_after, now_, patience), 300s};
};

TEST_F(DeviceWatchTest, counts_who_is_silent_by_group) {
  const auto one = add(), other = add(shed);
  pass(stale_after);
  EXPECT_EQ(watch_.totals().silent, 2u);
  EXPECT_EQ(silent(hall), 1u);
  hear(one);
  EXPECT_EQ(watch_.totals().silent, 1u);
  EXPECT_EQ(silent(hall), 0u);
  EXPECT_EQ(silent(shed), 1u);
  watch_.set_group(other, hall);
  EXPECT_EQ(silent(hall), 1u);
  EXPECT_EQ(silent(shed), 0u);
  EXPECT_EQ(watch_.totals_of(hall).devices, 2u);
  EXPECT_EQ(watch_.totals_of(whole_fleet).devices, 2u) << "all of them";
  EXPECT_EQ(watch_.totals_of(whole_fleet).silent, 1u);
  EXPECT_EQ(watch_.totals_of(7).devices, 0u);
}

TEST_F(DeviceWatchTest, a_suspect_that_is_raised_has_a_problem_until_it_is_heard) {
  const auto device = add();
  pass(patience - 1s);
  EXPECT_EQ(watch_.problems().order().count().devices, 0u);
  pass(2s);
  EXPECT_EQ(watch_.totals().problems[static_cast<std::size_t>(ProblemKind::silent)], 1u);
  hear(device);
  EXPECT_EQ(watch_.totals().troubled, 0u);
}

TEST_F(DeviceWatchTest, counts_reports_and_who_was_heard_by_minute) {
  const auto one = add(), other = add();
  now_ = ListeningTime(2h);
  for (int i = 0; i < 3; ++i) hear(one);
  hear(other);
  const auto minute = ReportMinutes::number_of(now_);
  EXPECT_EQ(watch_.totals().minutes.at(minute).reports, 4u);
  EXPECT_EQ(watch_.totals().minutes.at(minute).heard, 2u);
  now_ += 1min;
  hear(one);
  EXPECT_EQ(watch_.totals().minutes.at(minute + 1).heard, 1u);
  EXPECT_EQ(watch_.totals().minutes.at(minute).heard, 2u);
  now_ += 61min;
  hear(one);
  EXPECT_EQ(watch_.totals().minutes.at(minute).heard, 0u) << "too long ago";
  EXPECT_EQ(watch_.totals().reports, 8u);
}

TEST_F(DeviceWatchTest, minutes_of_shards_add_up) {
  add();
  DeviceWatch later(SilenceWatch(1, stale_after, now_, patience), 300s);
  WatchedStatus status(report(1));
  later.add(0, status, hall, now_ + 2min);
  auto totals = watch_.totals();
  totals += later.totals();
  EXPECT_EQ(totals.minutes.at(ReportMinutes::number_of(now_)).heard, 1u);
  EXPECT_EQ(totals.minutes.at(ReportMinutes::number_of(now_ + 2min)).heard, 1u);
  EXPECT_EQ(totals.devices, 2u);
}

TEST_F(DeviceWatchTest, continues_what_a_start_found) {
  const auto device = add();
  hear(device, 5);
  pass(patience + 1s);
  const auto silence = watch_.saved_silence(device);
  const auto problems = watch_.problems().saved(device, devices_[device]);

  DeviceWatch restarted(SilenceWatch(0, stale_after, now_, patience), 300s);
  WatchedStatus status(devices_[device].status());
  restarted.restore(0, status, hall, silence, &problems, now_);
  EXPECT_EQ(restarted.totals().problems, watch_.totals().problems);
  EXPECT_EQ(restarted.totals().silent, 1u);
  EXPECT_EQ(restarted.group_totals()[hall].silent, 1u);
}

// Whatever happens, the totals are those of a count.
RC_GTEST_FIXTURE_PROP(DeviceWatchTest, totals_are_those_of_a_count, ()) {
  for (int i = 0; i < 4; ++i) add();
  for (const auto act : *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>())) {
    const std::uint32_t device = act % 4;
    if (!here_[device]) {
      watch_.add(device, devices_[device] = WatchedStatus(report(50)), hall, now_);
      here_[device] = true;
    }
    switch (act / 4 % 5) {
      case 0: hear(device, *rc::gen::inRange(0, 101)); break;
      case 1: pass(std::chrono::seconds(*rc::gen::inRange(1, 100))); break;
      case 2: watch_.set_group(device, *rc::gen::inRange<GroupNumber>(0, 3)); break;
      case 3:
        watch_.remove(device, devices_[device]);
        here_[device] = false;
        break;
      case 4: hear(device); break;
    }
    std::uint64_t silent = 0, devices = 0, low = 0;
    for (std::uint32_t each = 0; each < 4; ++each)
      if (here_[each]) {
        ++devices;
        silent += watch_.is_silent(each);
        low += devices_[each].status().battery_level < 20;
      }
    const auto totals = watch_.totals();
    RC_ASSERT(totals.devices == devices);
    RC_ASSERT(totals.silent == silent);
    RC_ASSERT(totals.battery_levels.between(0, 20) == low);
    std::uint64_t in_groups = 0, silent_in_groups = 0;
    for (const auto& group : watch_.group_totals()) {
      in_groups += group.devices;
      silent_in_groups += group.silent;
    }
    RC_ASSERT(in_groups == devices);
    RC_ASSERT(silent_in_groups == silent);
  }
}

TEST(ValueCounts, have_a_median) {
  ValueCounts<0, 100> counts;
  EXPECT_EQ(counts.median(), std::nullopt);
  for (const int value : {7, 3, 100, 50}) counts.add(value);
  EXPECT_EQ(counts.median(), 7) << "the lower of both in the middle";
  counts.add(50);
  EXPECT_EQ(counts.median(), 50);
  EXPECT_EQ(counts.between(7, 51), 3u);
}

}  // namespace
}  // namespace ubiety
