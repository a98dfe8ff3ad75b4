#include "fleet/group_silence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

namespace ubiety {
namespace {

using namespace std::chrono_literals;

class GroupSilenceTest : public ::testing::Test {
 protected:
  // A group of so many hourly devices, of which so many were heard in the last hour.
  static GroupCensus hourly(std::uint32_t members, std::uint32_t heard) {
    return {.members = members,
            .heard = heard,
            .expected = static_cast<double>(members),
            .peers = members,
            .peers_heard = heard};
  }

  void suspect(std::uint32_t device, GroupNumber group, std::chrono::milliseconds usual_gap = 1h) {
    groups_.note({{0, device}, group, now_ - 2 * usual_gap, usual_gap});
  }

  // Decides by what is known about the groups.
  GroupDecisions decide() {
    now_ += 10s;
    std::vector<GroupCensus> answers;
    for (const auto& question : groups_.questions(now_)) answers.push_back(census_[question.group]);
    return groups_.decide(answers, now_);
  }

  ListeningTime now_{1000h};
  std::map<GroupNumber, GroupCensus> census_{{whole_fleet, hourly(1000, 990)}};
  GroupSilence groups_;
};

TEST_F(GroupSilenceTest, asks_nothing_while_nobody_is_silent) {
  EXPECT_TRUE(groups_.questions(now_).empty());
  EXPECT_TRUE(groups_.decide({}, now_).problems.empty());
}

TEST_F(GroupSilenceTest, raises_a_problem_for_one_of_a_group_that_is_heard) {
  census_[7] = hourly(100, 99);
  suspect(3, 7);
  const auto decisions = decide();
  EXPECT_EQ(decisions.problems, (std::vector{DeviceNumber{0, 3}}));
  EXPECT_TRUE(decisions.began.empty());
  EXPECT_TRUE(decide().problems.empty()) << "once";
}

TEST_F(GroupSilenceTest, finds_an_outage_when_half_is_not_heard) {
  for (const std::uint32_t heard : {51U, 50U}) {
    census_[7] = hourly(100, heard);
    suspect(3, 7);
    const auto decisions = decide();
    EXPECT_EQ(decisions.began.size(), heard == 50 ? 1u : 0u);
    EXPECT_EQ(decisions.problems.size(), heard == 50 ? 0u : 1u);
  }
  const auto* outage = groups_.outage_of(7);
  ASSERT_NE(outage, nullptr);
  EXPECT_EQ(outage->since, now_ - 1h);
  EXPECT_EQ(outage->found, now_);
  EXPECT_EQ(groups_.outage_of(8), nullptr);
}

TEST_F(GroupSilenceTest, needs_five_devices) {
  census_[4] = hourly(4, 0);
  census_[5] = hourly(5, 0);
  suspect(1, 4);
  suspect(2, 5);
  const auto decisions = decide();
  EXPECT_EQ(decisions.problems, (std::vector{DeviceNumber{0, 1}}));
  ASSERT_EQ(decisions.began.size(), 1u);
  EXPECT_EQ(decisions.began[0].group, 5u);
}

TEST_F(GroupSilenceTest, needs_five_expected_devices) {
  census_[7] = {.members = 100, .heard = 0, .expected = 4.9, .peers = 3, .peers_heard = 0};
  suspect(1, 7);
  EXPECT_EQ(decide().problems.size(), 1u);
  census_[7].expected = 5;
  suspect(2, 7);
  EXPECT_EQ(decide().began.size(), 1u);
}

TEST_F(GroupSilenceTest, believes_the_suspects_peers_first) {
  census_[7] = {.members = 100, .heard = 9, .expected = 27, .peers = 10, .peers_heard = 9};
  suspect(1, 7);
  EXPECT_EQ(decide().problems.size(), 1u) << "the slow devices are quiet, as on each weekend";
}

TEST_F(GroupSilenceTest, takes_all_suspects_of_a_group_into_its_outage) {
  census_[7] = hourly(100, 0);
  suspect(1, 7);
  suspect(2, 7);
  auto decisions = decide();
  EXPECT_TRUE(decisions.problems.empty());
  EXPECT_EQ(decisions.began.size(), 1u);
  suspect(3, 7);
  decisions = decide();
  EXPECT_TRUE(decisions.problems.empty());
  EXPECT_TRUE(decisions.began.empty());
}

TEST_F(GroupSilenceTest, ends_an_outage_when_half_of_what_was_missing_is_heard) {
  census_[7] = hourly(100, 20);
  suspect(1, 7);
  decide();
  census_[7] = hourly(100, 59);
  EXPECT_TRUE(decide().ended.empty());
  census_[7] = hourly(100, 60);
  const auto decisions = decide();
  ASSERT_EQ(decisions.ended.size(), 1u);
  EXPECT_EQ(decisions.ended[0].ended, now_);
  EXPECT_EQ(groups_.outage_of(7), nullptr);
}

TEST_F(GroupSilenceTest, ends_an_outage_when_the_groups_devices_were_removed) {
  census_[7] = hourly(100, 30);
  suspect(3, 7);
  EXPECT_EQ(decide().began.size(), 1u);
  census_[7] = hourly(5, 2);
  EXPECT_TRUE(decide().ended.empty());
  census_[7] = hourly(4, 1);
  EXPECT_EQ(decide().ended.size(), 1u);
  EXPECT_EQ(groups_.outage_of(7), nullptr);
}

TEST_F(GroupSilenceTest, raises_a_problem_for_what_stays_away_after_an_outage) {
  census_[7] = hourly(100, 0);
  suspect(1, 7);
  decide();
  census_[7] = hourly(100, 50);
  decide();
  groups_.note({{0, 1}, 7, now_ - 30h, 1h});
  const auto decisions = decide();
  EXPECT_EQ(decisions.problems.size(), 1u) << "although half of the group is not heard";
  EXPECT_TRUE(decisions.began.empty());
}

TEST_F(GroupSilenceTest, finds_a_second_outage_by_a_device_that_came_back) {
  census_[7] = hourly(100, 0);
  suspect(1, 7);
  decide();
  census_[7] = hourly(100, 90);
  decide();
  now_ += 5h;
  census_[7] = hourly(100, 0);
  suspect(2, 7);
  EXPECT_EQ(decide().began.size(), 1u);
}

TEST_F(GroupSilenceTest, has_one_outage_of_the_fleet_instead_of_its_groups) {
  census_[7] = hourly(100, 0);
  suspect(1, 7);
  ASSERT_EQ(decide().began.size(), 1u);

  census_[whole_fleet] = hourly(1000, 400);
  census_[8] = hourly(100, 0);
  suspect(2, 8);
  suspect(3, whole_fleet);
  const auto decisions = decide();
  EXPECT_TRUE(decisions.problems.empty());
  ASSERT_EQ(decisions.began.size(), 1u);
  EXPECT_EQ(decisions.began[0].group, whole_fleet);
  ASSERT_EQ(decisions.ended.size(), 1u);
  EXPECT_EQ(decisions.ended[0].group, 7u);
  EXPECT_EQ(groups_.outage_of(9)->group, whole_fleet) << "every group is out";
}

TEST_F(GroupSilenceTest, finds_the_group_that_stays_away_after_an_outage_of_the_fleet) {
  census_[whole_fleet] = hourly(1000, 0);
  census_[7] = hourly(100, 0);
  suspect(1, 7);
  decide();
  census_[whole_fleet] = hourly(1000, 900);
  ASSERT_EQ(decide().ended.size(), 1u);
  groups_.note({{0, 1}, 7, now_ - 30h, 1h});
  const auto decisions = decide();
  ASSERT_EQ(decisions.began.size(), 1u);
  EXPECT_EQ(decisions.began[0].group, 7u);
}

TEST_F(GroupSilenceTest, finds_again_a_group_whose_outage_the_fleets_replaced) {
  census_[7] = hourly(100, 0);
  suspect(1, 7);
  decide();
  census_[whole_fleet] = hourly(1000, 0);
  suspect(2, 8);
  ASSERT_EQ(decide().began.size(), 1u);
  census_[whole_fleet] = hourly(1000, 900);
  ASSERT_EQ(decide().ended.size(), 1u);
  groups_.note({{0, 1}, 7, now_ - 30h, 1h});
  const auto decisions = decide();
  EXPECT_TRUE(decisions.problems.empty());
  EXPECT_EQ(decisions.began.size(), 1u);
}

TEST_F(GroupSilenceTest, asks_about_the_shortest_and_the_longest_usual_gap) {
  for (const auto usual_gap : {3h, 1h, 2h, 1h}) suspect(1, 7, usual_gap);
  suspect(2, 9, 4h);
  const std::vector<GroupQuestion> expected{{whole_fleet, 1h}, {whole_fleet, 4h}, {7, 1h}, {7, 3h}, {9, 4h}};
  EXPECT_EQ(groups_.questions(now_), expected);
}

TEST_F(GroupSilenceTest, keeps_suspects_that_come_after_the_questions) {
  suspect(1, 7);
  const auto questions = groups_.questions(now_);
  suspect(2, 7);
  const std::vector<GroupCensus> answers(questions.size(), hourly(100, 99));
  EXPECT_EQ(groups_.decide(answers, now_).problems, (std::vector{DeviceNumber{0, 1}}));
  EXPECT_EQ(decide().problems, (std::vector{DeviceNumber{0, 2}}));
}

TEST_F(GroupSilenceTest, continues_after_a_restart) {
  census_[7] = hourly(100, 20);
  suspect(1, 7);
  decide();
  groups_ = GroupSilence(groups_.all_outages());
  suspect(2, 7);
  EXPECT_TRUE(decide().problems.empty());
  census_[7] = hourly(100, 60);
  EXPECT_EQ(decide().ended.size(), 1u);
  groups_ = GroupSilence(groups_.all_outages());
  groups_.note({{0, 2}, 7, now_ - 30h, 1h});
  EXPECT_EQ(decide().problems.size(), 1u);
}

}  // namespace
}  // namespace ubiety
