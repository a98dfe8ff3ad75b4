#include "fleet/problem_watch.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using Kind = ProblemKind;

constexpr Timestamp start{1'795'000'000'000'000};
constexpr auto skew = 300s;

Status good() { return {start, start, -60, 80, true}; }

std::string text_of(const ProblemChange& change) {
  return std::to_string(change.device) + (change.ended ? " -" : " +") + std::string(name_of(change.problem.kind));
}

// Devices that report to a watch.
class ProblemWatchTest : public ::testing::Test {
 protected:
  std::uint32_t add(Status status = good()) {
    devices_.emplace_back(status);
    const auto device = static_cast<std::uint32_t>(devices_.size() - 1);
    watch_.note_first(device, devices_.back());
    return device;
  }

  // The device reports after a pause.
  void report(std::uint32_t device, const std::function<void(Status&)>& change, std::chrono::seconds pause = 1min) {
    auto& known = devices_[device];
    const auto before = known.status();
    auto status = before;
    now_ = now_ + pause;
    status.timestamp = status.received = now_;
    change(status);
    known.set(status);
    watch_.note_latest(device, known, before);
    watch_.note_clock(device, known, status.timestamp, status.received);
  }
  void report_level(std::uint32_t device, int level, std::chrono::seconds pause = 1min) {
    report(
        device, [&](Status& status) { status.battery_level = static_cast<std::uint8_t>(level); }, pause);
  }
  void report_rssi(std::uint32_t device, int rssi) {
    report(device, [&](Status& status) { status.rssi = static_cast<std::int16_t>(rssi); });
  }
  void go_away_and_come_back(std::uint32_t device, std::chrono::seconds pause) {
    report(
        device, [](Status& status) { status.online = false; }, pause);
    report(
        device, [](Status& status) { status.online = true; }, 1s);
  }

  std::vector<std::string> changes() {
    std::vector<std::string> texts;
    for (const auto& change : watch_.advance(
             now_, [&](std::uint32_t device) -> auto& { return devices_[device]; }))
      texts.push_back(text_of(change));
    return texts;
  }
  std::size_t count(Kind kind) const { return watch_.counts()[static_cast<std::size_t>(kind)]; }

  static AttentionPlace place_of(const Troubled& troubled) {
    const auto worst = troubled.problems.worst();
    return {worst, static_cast<int>(problem_kinds) - troubled.problems.size(), troubled.of(worst).since,
            troubled.device};
  }

  std::vector<AttentionPlace> in_order(std::optional<Kind> problem, const AttentionPlace& first = {}) const {
    std::vector<AttentionPlace> places;
    AttentionOrder::Walk walk(watch_.order(), problem, first);
    while (const auto place = walk.next()) places.push_back(*place);
    return places;
  }
  // The same, found by a look at all devices.
  std::vector<AttentionPlace> by_sorting(std::optional<Kind> problem, const AttentionPlace& first = {}) const {
    std::vector<AttentionPlace> places;
    for (const auto& troubled : watch_.troubled())
      if (!troubled.is_muted && (!problem || troubled.problems.has(*problem)) && place_of(troubled) >= first)
        places.push_back(place_of(troubled));
    std::sort(places.begin(), places.end());
    return places;
  }

  using Texts = std::vector<std::string>;

  Timestamp now_ = start;
  std::deque<WatchedStatus> devices_;
  ProblemWatch watch_{skew};
};

TEST_F(ProblemWatchTest, a_low_battery_is_latched) {
  const auto device = add();
  report_level(device, 20);
  EXPECT_EQ(changes(), Texts{});
  report_level(device, 19);
  report_level(device, 24);
  EXPECT_EQ(changes(), Texts{"0 +battery_low"});
  EXPECT_EQ(count(Kind::battery_low), 1U);
  report_level(device, 25);
  EXPECT_EQ(changes(), Texts{"0 -battery_low"});
  EXPECT_EQ(count(Kind::battery_low), 0U);
  EXPECT_EQ(watch_.order().count().devices, 0U);
}

TEST_F(ProblemWatchTest, a_weak_signal_is_latched) {
  const auto device = add();
  report_rssi(device, -90);
  EXPECT_EQ(changes(), Texts{});
  report_rssi(device, -91);
  report_rssi(device, -86);
  EXPECT_EQ(changes(), Texts{"0 +weak_signal"});
  report_rssi(device, -85);
  EXPECT_EQ(changes(), Texts{"0 -weak_signal"});
}

TEST_F(ProblemWatchTest, the_first_report_shows_problems) {
  auto status = good();
  status.battery_level = 3;
  status.rssi = -100;
  add(status);
  EXPECT_EQ(changes(), (Texts{"0 +battery_low", "0 +weak_signal"}));
}

TEST_F(ProblemWatchTest, a_falling_battery_says_when_it_is_empty) {
  const auto device = add();
  for (int level = 79; level >= 74; --level) report_level(device, level, 3h);
  ASSERT_EQ(changes(), Texts{"0 +battery_falling"});
  const auto problems = watch_.find(device, devices_[device])->list();
  EXPECT_NEAR(problems.at(0).amount, 74 * (15.0 / 24) / 5, 0.01);
  report_level(device, 90);
  EXPECT_EQ(changes(), Texts{"0 -battery_falling"});
}

TEST_F(ProblemWatchTest, a_clock_is_wrong_when_it_is_wrong_by_the_same_for_a_while) {
  const auto device = add();
  const auto fast = [](Status& status) { status.timestamp = status.timestamp + 3h; };
  for (int i = 0; i <= 9; ++i) report(device, fast);
  EXPECT_EQ(changes(), Texts{});
  report(device, fast);
  ASSERT_EQ(changes(), Texts{"0 +clock"});
  const auto problem = watch_.find(device, devices_[device])->list().at(0);
  EXPECT_EQ(problem.amount, 3 * 3600);
  EXPECT_EQ(problem.since, start + 1min);
  report(device, [](Status&) {});
  EXPECT_EQ(changes(), Texts{"0 -clock"});
  EXPECT_FALSE(devices_[device].is_noted());
}

TEST_F(ProblemWatchTest, a_slow_clock_has_a_negative_amount) {
  const auto device = add();
  for (int i = 0; i <= 10; ++i) report(device, [](Status& status) { status.timestamp = status.timestamp - 1h; });
  ASSERT_EQ(changes(), Texts{"0 +clock"});
  EXPECT_EQ(watch_.find(device, devices_[device])->list().at(0).amount, -3600);
}

TEST_F(ProblemWatchTest, reports_that_were_held_back_are_no_wrong_clock) {
  const auto device = add();
  report(
      device, [](Status&) {}, 24h);
  for (int minutes = 24 * 60; minutes >= 0; --minutes)
    report(
        device, [&](Status& status) { status.timestamp = status.timestamp - std::chrono::minutes(minutes); }, 1s);
  EXPECT_EQ(changes(), Texts{});
  EXPECT_FALSE(devices_[device].is_noted());
}

TEST_F(ProblemWatchTest, a_clock_that_is_a_little_wrong_is_right) {
  const auto device = add();
  for (int i = 0; i < 60; ++i) report(device, [](Status& status) { status.timestamp = status.timestamp - skew; });
  EXPECT_EQ(changes(), Texts{});
  EXPECT_FALSE(devices_[device].is_noted());
}

TEST_F(ProblemWatchTest, a_device_flaps_that_goes_away_five_times_in_two_hours) {
  const auto device = add();
  for (int i = 0; i < 4; ++i) go_away_and_come_back(device, 10min);
  EXPECT_EQ(changes(), Texts{});
  go_away_and_come_back(device, 10min);
  EXPECT_EQ(changes(), Texts{"0 +flapping"});
  EXPECT_EQ(watch_.find(device, devices_[device])->list().at(0).amount, 5);
  now_ = now_ + 2h - 2s;
  EXPECT_EQ(changes(), Texts{});
  now_ = now_ + 1s;
  EXPECT_EQ(changes(), Texts{"0 -flapping"});
}

TEST_F(ProblemWatchTest, a_device_may_go_away_once_in_an_hour) {
  const auto device = add();
  for (int i = 0; i < 100; ++i) go_away_and_come_back(device, 1h);
  EXPECT_EQ(changes(), Texts{});
}

TEST_F(ProblemWatchTest, silence_comes_and_goes_with_the_silence_watch) {
  const auto device = add();
  watch_.begin_silent(device, devices_[device], start);
  EXPECT_EQ(changes(), Texts{"0 +silent"});
  watch_.end_silent(device, devices_[device], now_);
  watch_.end_silent(device, devices_[device], now_);
  EXPECT_EQ(changes(), Texts{"0 -silent"});
}

TEST_F(ProblemWatchTest, a_device_may_be_muted_before_it_has_a_problem) {
  watch_.set_mutes([](std::uint32_t) { return true; });
  auto status = good();
  status.battery_level = 10;
  const auto device = add(status);
  EXPECT_EQ(watch_.order().count().devices, 0u);
  EXPECT_EQ(watch_.counts()[static_cast<std::size_t>(ProblemKind::battery_low)], 0u);
  ASSERT_NE(watch_.find(device, devices_[device]), nullptr);
  watch_.set_muted(device, false);
  EXPECT_EQ(watch_.order().count().devices, 1u);
  EXPECT_EQ(watch_.counts()[static_cast<std::size_t>(ProblemKind::battery_low)], 1u);
}

TEST_F(ProblemWatchTest, a_muted_device_is_in_no_count) {
  const auto device = add(), other = add();
  report_level(device, 5);
  report_level(other, 5);
  changes();
  watch_.set_muted(device, true);
  EXPECT_EQ(count(Kind::battery_low), 1U);
  EXPECT_EQ(watch_.order().count().devices, 1U);
  report_rssi(device, -100);
  EXPECT_EQ(changes(), Texts{});
  watch_.set_muted(device, false);
  EXPECT_EQ(count(Kind::battery_low), 2U);
  EXPECT_EQ(count(Kind::weak_signal), 1U);
}

TEST_F(ProblemWatchTest, a_removed_device_has_no_problems) {
  const auto device = add(), other = add();
  report_level(device, 5);
  report_level(other, 5);
  watch_.remove(device, devices_[device]);
  EXPECT_EQ(count(Kind::battery_low), 1U);
  EXPECT_EQ(watch_.order().count().devices, 1U);
  EXPECT_EQ(watch_.find(device, devices_[device]), nullptr);
  EXPECT_NE(watch_.find(other, devices_[other]), nullptr);
}

TEST_F(ProblemWatchTest, lists_so_many_changes_and_no_more) {
  for (std::size_t i = 0; i <= ProblemWatch::most_changes; ++i) {
    const auto device = add();
    report_level(device, 5, 0s);
  }
  EXPECT_EQ(changes().size(), ProblemWatch::most_changes);
  EXPECT_EQ(count(Kind::battery_low), ProblemWatch::most_changes + 1);
}

TEST_F(ProblemWatchTest, problems_survive_a_restart) {
  const auto device = add();
  for (int i = 0; i < 5; ++i) go_away_and_come_back(device, 10min);
  report_level(device, 12);
  report_rssi(device, -100);
  for (int i = 0; i <= 10; ++i) report(device, [](Status& status) { status.timestamp = status.received + 1h; });
  const auto saved = watch_.saved(device, devices_[device]);
  ASSERT_EQ(saved.problems.size(), 4U);

  ProblemWatch restarted{skew};
  WatchedStatus status(devices_[device].status());
  const auto read = problems_from(bytes_of(saved));
  ASSERT_TRUE(read);
  restarted.restore(device, status, *read);
  EXPECT_EQ(restarted.saved(device, status), saved);
  EXPECT_EQ(restarted.counts(), watch_.counts());
}

// Whatever devices do, the counts are those of the devices that have problems.
RC_GTEST_FIXTURE_PROP(ProblemWatchTest, the_counts_are_right, ()) {
  for (int i = 0; i < 4; ++i) add();
  for (const auto act : *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>())) {
    const std::uint32_t device = act % 4;
    auto& status = devices_[device];
    switch (act / 4 % 8) {
      case 0: report_level(device, *rc::gen::inRange(0, 101), 20min); break;
      case 1: report_rssi(device, *rc::gen::inRange(-110, -70)); break;
      case 2: go_away_and_come_back(device, 1min); break;
      case 3: watch_.begin_silent(device, status, now_); break;
      case 4: watch_.end_silent(device, status, now_); break;
      case 5: watch_.set_muted(device, *rc::gen::arbitrary<bool>()); break;
      case 6: watch_.remove(device, status); break;
      case 7:
        now_ = now_ + 3h;
        changes();
        break;
    }
    std::array<std::uint64_t, problem_kinds> counts{};
    std::set<std::uint32_t> devices;
    for (const auto& troubled : watch_.troubled()) {
      RC_ASSERT(!troubled.problems.is_empty());
      RC_ASSERT(devices.insert(troubled.device).second);
      RC_ASSERT(watch_.find(troubled.device, devices_[troubled.device]) == &troubled);
      if (!troubled.is_muted)
        for (const auto& problem : troubled.list()) ++counts[static_cast<std::size_t>(problem.kind)];
    }
    RC_ASSERT(counts == watch_.counts());
    const auto all = by_sorting({});
    RC_ASSERT(in_order({}) == all);
    RC_ASSERT(watch_.order().count().devices == all.size());
    for (const auto& place : all) RC_ASSERT(in_order({}, place) == by_sorting({}, place));
    for (std::size_t i = 0; i < problem_kinds; ++i)
      RC_ASSERT(in_order(static_cast<Kind>(i)) == by_sorting(static_cast<Kind>(i)));
  }
}

TEST(SavedProblems, refuses_what_it_did_not_write) {
  SavedProblems saved;
  saved.problems.push_back({Kind::clock, start, 2});
  const auto bytes = bytes_of(saved);
  EXPECT_TRUE(problems_from(bytes));
  EXPECT_FALSE(problems_from(bytes.substr(1)));
  EXPECT_FALSE(problems_from(""));
  auto unknown = bytes;
  unknown[6] = 6;
  EXPECT_FALSE(problems_from(unknown));
}

}  // namespace
}  // namespace ubiety
