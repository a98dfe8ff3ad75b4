#include "http/resources/fleet_census.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

class NowLoop final : public EventLoop {
 public:
  void post(std::function<void()> task) override { task(); }
  void every(std::chrono::milliseconds, std::function<void()>) override {}
};

// A census of two shards, which the test answers for.
class FleetCensusTest : public ::testing::Test {
 protected:
  static constexpr auto timeout = 500ms;

  void answer(std::size_t census, std::uint32_t shard, std::uint64_t devices) {
    ShardFleet part{shard};
    part.totals.devices = devices;
    requests_[census].reply(part);
  }

  SteadyTime now_ = SteadyTime() + 1h;
  NowLoop loop_;
  std::vector<CountFleet> requests_;
  std::vector<std::optional<Fleet>> results_;
  FleetCensus census_{
      loop_, 2, timeout, [this](const CountFleet& request, const ReadAttention&) { requests_.push_back(request); },
      [this](const Fleet* fleet) { results_.push_back(fleet == nullptr ? std::nullopt : std::optional(*fleet)); }};
};

TEST_F(FleetCensusTest, tells_when_all_shards_have_answered) {
  EXPECT_EQ(census_.recent_or_request(now_), nullptr);
  answer(0, 1, 30);
  EXPECT_TRUE(results_.empty());
  answer(0, 0, 4);
  ASSERT_EQ(results_.size(), 1u);
  EXPECT_EQ(results_[0]->totals.devices, 34u);
  EXPECT_EQ(results_[0]->devices_of_shard, (std::vector<std::uint64_t>{4, 30}));
}

TEST_F(FleetCensusTest, is_one_for_all_who_ask_within_a_second) {
  census_.recent_or_request(now_);
  EXPECT_EQ(census_.recent_or_request(now_ + 10ms), nullptr);
  answer(0, 0, 1);
  answer(0, 1, 2);
  EXPECT_EQ(results_.size(), 1u);
  const auto* recent = census_.recent_or_request(now_ + 999ms);
  ASSERT_NE(recent, nullptr);
  EXPECT_EQ(recent->totals.devices, 3u);
  EXPECT_EQ(requests_.size(), 1u);

  EXPECT_EQ(census_.recent_or_request(now_ + 1s), nullptr);
  EXPECT_EQ(requests_.size(), 2u);
}

TEST_F(FleetCensusTest, is_not_awaited_for_long) {
  census_.recent_or_request(now_);
  answer(0, 0, 1);
  census_.expire(now_ + timeout);
  EXPECT_TRUE(results_.empty());
  census_.expire(now_ + timeout + 1ms);
  ASSERT_EQ(results_.size(), 1u);
  EXPECT_FALSE(results_[0].has_value());

  answer(0, 1, 2);
  EXPECT_EQ(results_.size(), 1u) << "no scrape waits any more";
  EXPECT_NE(census_.recent_or_request(now_ + 600ms), nullptr) << "but the next scrape uses it";
}

TEST_F(FleetCensusTest, begins_again_when_a_shard_was_lost_in_it) {
  census_.recent_or_request(now_);
  answer(0, 0, 1);
  census_.expire(now_ + 600ms);
  census_.recent_or_request(now_ + 2s);
  ASSERT_EQ(requests_.size(), 2u);
  answer(0, 1, 100);
  answer(1, 0, 1);
  EXPECT_EQ(results_.size(), 1u) << "an answer to the earlier census does not count";
  answer(1, 1, 2);
  ASSERT_EQ(results_.size(), 2u);
  EXPECT_EQ(results_[1]->totals.devices, 3u);
}

// A census of two shards that lists the three worst devices and the two largest groups.
class DetailedCensusTest : public ::testing::Test {
 protected:
  static AttentionPart problems(std::vector<int> fewer, std::uint64_t total) {
    AttentionPart part{{}, total, 2 * total};
    for (const auto each : fewer) part.rows.push_back({AttentionRank{{}, each, {}, {}}, {}});
    return part;
  }

  static CensusLists lists() {
    AttentionQuery query;
    query.limit = 3;
    return {2, std::make_shared<const AttentionQuery>(query)};
  }

  NowLoop loop_;
  CountFleet count_;
  ReadAttention read_;
  std::optional<Fleet> result_;
  FleetCensus census_{loop_,
                      2,
                      500ms,
                      [this](const CountFleet& count, const ReadAttention& read) {
                        count_ = count;
                        read_ = read;
                      },
                      [this](const Fleet* fleet) { result_ = *fleet; },
                      lists()};
};

TEST_F(DetailedCensusTest, merges_what_the_shards_list) {
  census_.recent_or_request(SteadyTime() + 1h);
  ASSERT_NE(read_.query, nullptr);
  read_.reply(problems({1, 4, 6}, 5));
  count_.groups->add(std::vector<GroupTotals>{{}, {10, 1}, {30, 0}, {20, 2}});
  count_.reply({0});
  count_.reply({1});
  EXPECT_FALSE(result_) << "a shard looks through its devices still";
  read_.reply(problems({2, 3}, 2));
  ASSERT_TRUE(result_);

  std::vector<int> merged;
  for (const auto& row : result_->problems.rows) merged.push_back(row.rank.fewer);
  EXPECT_EQ(merged, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(result_->problems.total, 7u);
  EXPECT_EQ(result_->problems.problems, 14u);
  ASSERT_EQ(result_->groups.groups.size(), 2u);
  EXPECT_EQ(result_->groups.groups[0].group, 2u);
  EXPECT_EQ(result_->groups.left_out, 1u);
}

TEST_F(FleetCensusTest, lists_nothing_unless_told) {
  census_.recent_or_request(now_);
  EXPECT_EQ(requests_[0].groups, nullptr);
}

}  // namespace
}  // namespace ubiety::http
