#include "actors/readiness.hpp"

#include <gtest/gtest.h>

#include "support/faulty_spool.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

class ReadinessTest : public ::testing::Test {
 protected:
  // For an update, a read and a history.
  using Obstacles = std::array<std::optional<Obstacle>, 3>;
  static Obstacles obstacles(const Readiness& readiness) {
    return {readiness.why_not(Activity::update), readiness.why_not(Activity::read),
            readiness.why_not(Activity::history)};
  }
  static Obstacles all(Obstacle obstacle) { return {obstacle, obstacle, obstacle}; }

  test::FaultySpool spool_;
  Readiness with_spool_{&spool_};
  Readiness readiness_;
};

TEST_F(ReadinessTest, allows_nothing_at_a_start) {
  EXPECT_EQ(obstacles(readiness_), all(Obstacle::starting));
  EXPECT_FALSE(readiness_.is_ready());
}

TEST_F(ReadinessTest, allows_nothing_to_a_standby) {
  readiness_.stand_by_for(std::make_shared<const Owner>());
  EXPECT_EQ(obstacles(readiness_), all(Obstacle::standing_by));
  readiness_.set_owner();
  EXPECT_EQ(obstacles(readiness_), all(Obstacle::starting));
}

TEST_F(ReadinessTest, allows_updates_into_the_spool_before_the_latest_map_is_loaded) {
  with_spool_.set_accepting();
  EXPECT_EQ(obstacles(with_spool_), (Obstacles{std::nullopt, Obstacle::starting, Obstacle::starting}));
}

TEST_F(ReadinessTest, knows_that_an_accepting_process_was_a_standby) {
  with_spool_.stand_by_for(std::make_shared<const Owner>());
  with_spool_.set_accepting();
  EXPECT_EQ(obstacles(with_spool_), (Obstacles{std::nullopt, Obstacle::standing_by, Obstacle::standing_by}));
}

TEST_F(ReadinessTest, allows_all_when_the_latest_map_is_loaded_and_the_store_answers) {
  readiness_.set_store_answers(true);
  readiness_.set_loaded();
  EXPECT_EQ(obstacles(readiness_), Obstacles());
  EXPECT_TRUE(readiness_.is_ready());
}

TEST_F(ReadinessTest, allows_reads_without_the_store) {
  readiness_.set_loaded();
  EXPECT_EQ(obstacles(readiness_), (Obstacles{Obstacle::store_away, std::nullopt, Obstacle::store_away}));
}

TEST_F(ReadinessTest, allows_updates_without_the_store_if_there_is_a_spool) {
  with_spool_.set_loaded();
  EXPECT_EQ(obstacles(with_spool_), (Obstacles{std::nullopt, std::nullopt, Obstacle::store_away}));
  with_spool_.set_commits_succeed(false);
  EXPECT_EQ(with_spool_.why_not(Activity::update), Obstacle::store_away) << "the spool is full";
}

TEST_F(ReadinessTest, allows_histories_while_the_spool_has_updates) {
  with_spool_.set_store_answers(true);
  with_spool_.set_loaded();
  const auto update = test::update_of("a", 1);
  ASSERT_TRUE(spool_.append({1, 1}, {&update}));
  EXPECT_EQ(obstacles(with_spool_), (Obstacles{})) << "the shards' tails have them";
}

TEST_F(ReadinessTest, allows_updates_only_while_a_shard_is_recovered) {
  readiness_.set_store_answers(true);
  readiness_.set_loaded();
  readiness_.shard_lost();
  EXPECT_EQ(obstacles(readiness_), (Obstacles{std::nullopt, Obstacle::recovering, Obstacle::recovering}));
  readiness_.shard_found();
  EXPECT_EQ(obstacles(readiness_), Obstacles());
}

TEST_F(ReadinessTest, allows_nothing_once_the_store_is_lost) {
  readiness_.set_store_answers(true);
  readiness_.set_loaded();
  EXPECT_TRUE(readiness_.lose_store("gone"));
  EXPECT_FALSE(readiness_.lose_store("gone"));
  EXPECT_EQ(obstacles(readiness_), all(Obstacle::store_lost));
}

TEST_F(ReadinessTest, is_not_ready_before_it_knows_the_keys) {
  readiness_.set_store_answers(true);
  readiness_.set_loaded();
  readiness_.wait_for_keys();
  EXPECT_FALSE(readiness_.is_ready());
  readiness_.set_knows_keys();
  EXPECT_TRUE(readiness_.is_ready());
}

}  // namespace
}  // namespace ubiety
