#include "fleet/silence_watch.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "support/exact_rhythm.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::milliseconds;

constexpr GroupNumber group = 5;

class SilenceWatchTest : public ::testing::Test {
 protected:
  // Time passes in ticks. Keeps what changed.
  void pass(milliseconds span) {
    for (const auto end = moment_.now + span; moment_.now < end;) {
      moment_.now = std::min(moment_.now + 1s, end);
      const auto changes = watch_.advance(moment_.now);
      append(fell_silent_, changes.fell_silent);
      append(came_back_, changes.came_back);
      append(suspects_, changes.suspects);
    }
  }
  void hear(std::uint32_t device = 0) { watch_.heard(device, moment_); }
  // A device that reports at this interval.
  void learn(milliseconds gap, int times, std::uint32_t device = 0) {
    watch_.add(device, group, moment_.now);
    for (; times > 0; --times) {
      pass(gap);
      hear(device);
    }
    watch_.advance(moment_.now);
    fell_silent_.clear();
    came_back_.clear();
    suspects_.clear();
  }
  DeviceSilence silence(std::uint32_t device = 0) const { return watch_.silence_of(device); }

  template <class Item>
  static void append(std::vector<Item>& all, const std::vector<Item>& more) {
    all.insert(all.end(), more.begin(), more.end());
  }

  ListeningMoment moment_{ListeningTime(1h), {}};
  SilenceWatch watch_{2, 15min, moment_.now};
  std::vector<FellSilent> fell_silent_;
  std::vector<CameBack> came_back_;
  std::vector<Suspect> suspects_;
};

TEST_F(SilenceWatchTest, finds_a_device_after_twice_its_rhythm) {
  learn(1h, 60);
  const auto heard = moment_.now;
  pass(2h - 1s);
  EXPECT_FALSE(silence().is_silent);
  pass(1s);
  ASSERT_EQ(fell_silent_.size(), 1u);
  EXPECT_EQ(fell_silent_[0].heard, heard);
  EXPECT_EQ(fell_silent_[0].due, heard + 2h);
  ASSERT_EQ(suspects_.size(), 1u);
  EXPECT_EQ(suspects_[0].device, (DeviceNumber{2, 0}));
  EXPECT_EQ(suspects_[0].group, group);
  EXPECT_EQ(suspects_[0].heard, heard);
  EXPECT_EQ(suspects_[0].usual_gap, 1h);
  pass(days(3));
  EXPECT_EQ(fell_silent_.size(), 1u);
  EXPECT_EQ(suspects_.size(), 1u) << "once";
}

TEST_F(SilenceWatchTest, waits_for_stale_after_at_least) {
  learn(1min, 3000);
  pass(15min - 1s);
  EXPECT_TRUE(fell_silent_.empty());
  pass(1s);
  EXPECT_EQ(fell_silent_.size(), 1u);
  EXPECT_EQ(suspects_.size(), 1u);
}

TEST_F(SilenceWatchTest, suspects_a_device_of_unknown_rhythm_after_25_hours) {
  learn(1h, 2);
  pass(15min);
  EXPECT_EQ(fell_silent_.size(), 1u);
  EXPECT_FALSE(silence().is_known);
  pass(25h - 15min - 1s);
  EXPECT_TRUE(suspects_.empty());
  pass(1s);
  EXPECT_EQ(suspects_.size(), 1u);
}

TEST_F(SilenceWatchTest, suspects_by_the_rhythm_only_after_two_days) {
  learn(1h, 49);
  pass(2h);
  EXPECT_EQ(fell_silent_.size(), 1u);
  EXPECT_TRUE(suspects_.empty());
  hear();
  pass(2h);
  EXPECT_EQ(suspects_.size(), 1u);
}

TEST_F(SilenceWatchTest, notices_that_a_device_is_back) {
  learn(1h, 60);
  const auto before = moment_.now;
  pass(2h);
  EXPECT_TRUE(watch_.raise_problem(0));
  EXPECT_TRUE(silence().is_problem);
  pass(1h);
  hear();
  pass(1s);
  ASSERT_EQ(came_back_.size(), 1u);
  EXPECT_EQ(came_back_[0].heard, before);
  EXPECT_TRUE(came_back_[0].was_problem);
  EXPECT_FALSE(silence().is_silent);
  EXPECT_FALSE(silence().is_problem);
  pass(2h);
  EXPECT_EQ(fell_silent_.size(), 2u) << "and that it is silent again";
}

TEST_F(SilenceWatchTest, raises_no_problem_of_a_device_heard_in_the_meantime) {
  learn(1h, 60);
  pass(2h);
  hear();
  EXPECT_FALSE(watch_.raise_problem(0));
  EXPECT_FALSE(silence().is_problem);
}

TEST_F(SilenceWatchTest, finds_a_quick_device_soon_after_it_came_back) {
  watch_.add(0, group, moment_.now);
  pass(1h);
  hear();
  pass(15min);
  EXPECT_EQ(fell_silent_.size(), 2u);
}

// The device stands in a slot of its old, longer patience.
TEST_F(SilenceWatchTest, finds_a_device_whose_rhythm_became_quicker) {
  learn(days(1), 8);
  while (silence().usual > 1min) {
    pass(1min);
    hear();
  }
  ASSERT_TRUE(fell_silent_.empty());
  pass(15min);
  EXPECT_EQ(fell_silent_.size(), 1u);
}

TEST_F(SilenceWatchTest, learns_nothing_from_a_gap_while_the_service_did_not_listen) {
  learn(1h, 60);
  pass(30min);
  moment_.interrupted = moment_.now;
  for (int i = 0; i < 3; ++i) {
    pass(100min);
    hear();
    moment_.interrupted = moment_.now;
  }
  EXPECT_EQ(silence().usual, 1h);
  moment_.interrupted = {};
  for (int i = 0; i < 2; ++i) {
    pass(100min);
    hear();
  }
  EXPECT_EQ(silence().usual, 100min);
}

TEST_F(SilenceWatchTest, learns_nothing_from_an_outage) {
  for (const auto out : {group, whole_fleet}) {
    const auto device = out == group ? 0U : 1U;
    learn(1h, 60, device);
    for (int i = 0; i < 3; ++i) {
      pass(30min);
      watch_.begin_outage(out);
      pass(1h);
      if (i > 0) hear(device);  // the gap ends in the outage
      pass(15min);
      watch_.end_outage(out, moment_.now);
      pass(1h);
      hear(device);
    }
    EXPECT_EQ(silence(device).usual, 1h);
  }
}

TEST_F(SilenceWatchTest, suspects_a_device_again_that_stays_away_after_an_outage) {
  learn(1h, 60);
  pass(2h);
  watch_.begin_outage(group);
  pass(days(2));
  watch_.end_outage(group, moment_.now);
  pass(2h - 1s);
  EXPECT_EQ(suspects_.size(), 1u);
  pass(1s);
  EXPECT_EQ(suspects_.size(), 2u);
  EXPECT_EQ(fell_silent_.size(), 1u);
}

TEST_F(SilenceWatchTest, counts_from_the_end_of_an_outage) {
  learn(1h, 60);
  pass(30min);
  watch_.begin_outage(group);
  pass(1h);
  watch_.end_outage(group, moment_.now);
  pass(2h - 1s);
  EXPECT_TRUE(fell_silent_.empty());
  pass(1s);
  EXPECT_EQ(fell_silent_.size(), 1u);
  EXPECT_EQ(suspects_.size(), 1u);
}

TEST_F(SilenceWatchTest, leaves_other_groups_out_of_an_outage) {
  learn(1h, 60);
  pass(2h);
  watch_.begin_outage(group + 1);
  watch_.end_outage(group + 1, moment_.now);
  pass(4h);
  EXPECT_EQ(suspects_.size(), 1u);
}

TEST_F(SilenceWatchTest, takes_a_census) {
  learn(1h, 60, 0);
  learn(4h, 60, 1);
  watch_.add(2, group, moment_.now);
  watch_.add(3, group + 1, moment_.now);
  watch_.heard(0, moment_);
  pass(1h);
  const std::vector<GroupQuestion> questions{{whole_fleet, 2h}, {group, 2h}, {group, 30min}, {group + 2, 2h}};
  const auto answers = watch_.census(questions, moment_.now);
  ASSERT_EQ(answers.size(), 4u);
  EXPECT_EQ(answers[0].members, 4u);
  EXPECT_EQ(answers[0].heard, 4u);
  EXPECT_EQ(answers[1].members, 3u);
  EXPECT_EQ(answers[1].heard, 3u);
  EXPECT_NEAR(answers[1].expected, 1 + 2. / 4 + 2. / 25, 1e-9) << "hourly, four-hourly, unknown";
  EXPECT_EQ(answers[1].peers, 1u);
  EXPECT_EQ(answers[1].peers_heard, 1u);
  EXPECT_EQ(answers[2].heard, 0u);
  EXPECT_EQ(answers[3].members, 0u);
}

TEST_F(SilenceWatchTest, expects_nothing_of_a_device_with_a_problem) {
  learn(1h, 60);
  const std::vector<GroupQuestion> questions{{group, 2h}};
  pass(2h);
  EXPECT_EQ(watch_.census(questions, moment_.now)[0].expected, 1);
  watch_.raise_problem(0);
  EXPECT_EQ(watch_.census(questions, moment_.now)[0].expected, 0);
  EXPECT_EQ(watch_.census(questions, moment_.now)[0].members, 1u);
}

TEST_F(SilenceWatchTest, forgets_a_removed_device) {
  learn(1h, 60);
  watch_.remove(0);
  pass(days(2));
  EXPECT_TRUE(fell_silent_.empty());
  EXPECT_EQ(watch_.census(std::vector<GroupQuestion>{{whole_fleet, 1h}}, moment_.now)[0].members, 0u);
}

TEST_F(SilenceWatchTest, watches_a_device_that_takes_a_removed_ones_number) {
  learn(days(1), 8);
  watch_.remove(0);
  watch_.add(0, group, moment_.now);
  EXPECT_EQ(silence().usual, 0s);
  pass(15min);
  EXPECT_EQ(fell_silent_.size(), 1u);
}

TEST_F(SilenceWatchTest, loses_no_device_beside_a_removed_one) {
  watch_.add(1, group, moment_.now);
  watch_.add(0, group, moment_.now);
  pass(1min);
  watch_.remove(0);
  watch_.add(0, group, moment_.now);
  pass(15min);
  EXPECT_EQ(fell_silent_.size(), 2u);
}

TEST_F(SilenceWatchTest, continues_after_a_restart) {
  learn(1h, 60, 0);
  learn(1h, 60, 1);
  pass(2h);
  hear(1);
  pass(30min);
  watch_.raise_problem(0);
  std::vector<SavedSilence> saved{watch_.saved(0), watch_.saved(1)};
  watch_ = SilenceWatch(2, 15min, moment_.now);
  for (const auto device : {0U, 1U}) watch_.restore(device, group, saved[device], moment_.now);
  moment_.interrupted = moment_.now;
  fell_silent_.clear();
  suspects_.clear();
  EXPECT_TRUE(silence(0).is_problem);
  EXPECT_EQ(silence(1).usual, 1h);
  pass(90min);
  ASSERT_EQ(fell_silent_.size(), 1u);
  EXPECT_EQ(fell_silent_[0].device, 1u);
  EXPECT_EQ(suspects_.size(), 1u);
}

TEST_F(SilenceWatchTest, suspects_again_what_was_not_decided_before_a_restart) {
  learn(1h, 60);
  pass(2h);
  const auto saved = watch_.saved(0);
  watch_ = SilenceWatch(2, 15min, moment_.now);
  watch_.restore(0, group, saved, moment_.now);
  pass(1s);
  EXPECT_EQ(suspects_.size(), 2u);
  EXPECT_EQ(fell_silent_.size(), 1u) << "it was silent before";
}

TEST_F(SilenceWatchTest, takes_a_last_heard_time_after_the_clocks) {
  watch_.restore(0, group, {.heard = moment_.now + days(400)}, moment_.now);
  EXPECT_EQ(silence().heard, moment_.now);
  pass(15min);
  EXPECT_EQ(fell_silent_.size(), 1u);
}

// The rule, computed by looking at each device every second with an exact rhythm.
RC_GTEST_PROP(SilenceWatch, finds_each_silence_within_a_tick, ()) {
  const auto gaps = *rc::gen::container<std::vector<int>>(
      rc::gen::oneOf(rc::gen::inRange(1, 120), rc::gen::inRange(1, 3600), rc::gen::inRange(1, 400'000)));
  SilenceWatch watch(0, 60s, ListeningTime{});
  test::ExactRhythm exact;
  ListeningTime now{};
  watch.add(0, whole_fleet, now);
  for (const auto gap : gaps) {
    const milliseconds patience = std::max<milliseconds>(60s, exact.is_known() ? 2 * exact.usual() : QuarterSeconds(0));
    const auto heard = now;
    std::optional<ListeningTime> found;
    for (int second = 0; second < gap; ++second) {
      now += 1s;
      if (!watch.advance(now).fell_silent.empty()) found = now;
    }
    const bool is_due = gap * 1s >= patience;
    RC_ASSERT(found.has_value() == is_due);
    if (is_due) RC_ASSERT(*found - heard < patience + 1s && *found - heard >= patience);
    watch.heard(0, {now, {}});
    exact.learn(gap * 1s, now);
  }
}

}  // namespace
}  // namespace ubiety
