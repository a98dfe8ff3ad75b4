#include "actors/readiness.hpp"

#include <gtest/gtest.h>

#include "support/fakes.hpp"

namespace ubiety {
namespace {

class ReadinessTest : public ::testing::Test {
 protected:
  // Of an update, a read and a history.
  using Obstacles = std::array<std::optional<Obstacle>, 3>;
  static Obstacles obstacles(const Readiness& readiness) {
    return {readiness.why_not(Activity::update), readiness.why_not(Activity::read),
            readiness.why_not(Activity::history)};
  }
  static Obstacles all(Obstacle obstacle) { return {obstacle, obstacle, obstacle}; }

  test::FakeSpool spool_;
  Readiness with_spool_{&spool_};
  Readiness readiness_;
};

TEST_F(ReadinessTest, AllowsNothingAtAStart) {
  EXPECT_EQ(obstacles(readiness_), all(Obstacle::starting));
  EXPECT_FALSE(readiness_.is_ready());
}

TEST_F(ReadinessTest, AllowsNothingToAStandby) {
  readiness_.stand_by_for(std::make_shared<const Owner>());
  EXPECT_EQ(obstacles(readiness_), all(Obstacle::standing_by));
  readiness_.set_owner();
  EXPECT_EQ(obstacles(readiness_), all(Obstacle::starting));
}

TEST_F(ReadinessTest, AllowsUpdatesIntoTheSpoolBeforeTheLatestMapIsLoaded) {
  with_spool_.set_accepting();
  EXPECT_EQ(obstacles(with_spool_), (Obstacles{std::nullopt, Obstacle::starting, Obstacle::starting}));
}

TEST_F(ReadinessTest, TellsThatAnAcceptingProcessWasAStandby) {
  with_spool_.stand_by_for(std::make_shared<const Owner>());
  with_spool_.set_accepting();
  EXPECT_EQ(obstacles(with_spool_), (Obstacles{std::nullopt, Obstacle::standing_by, Obstacle::standing_by}));
}

TEST_F(ReadinessTest, AllowsAllWhenTheLatestMapIsLoadedAndTheStoreAnswers) {
  readiness_.set_store_answers(true);
  readiness_.set_loaded();
  EXPECT_EQ(obstacles(readiness_), Obstacles());
  EXPECT_TRUE(readiness_.is_ready());
}

TEST_F(ReadinessTest, AllowsReadsWithoutTheStore) {
  readiness_.set_loaded();
  EXPECT_EQ(obstacles(readiness_), (Obstacles{Obstacle::store_away, std::nullopt, Obstacle::store_away}));
}

TEST_F(ReadinessTest, AllowsUpdatesWithoutTheStoreIfThereIsASpool) {
  with_spool_.set_loaded();
  EXPECT_EQ(obstacles(with_spool_), (Obstacles{std::nullopt, std::nullopt, Obstacle::store_away}));
  with_spool_.set_commits_succeed(false);
  EXPECT_EQ(with_spool_.why_not(Activity::update), Obstacle::store_away) << "the spool is full";
}

TEST_F(ReadinessTest, AllowsNoHistoryWhileTheSpoolHasUpdates) {
  with_spool_.set_store_answers(true);
  with_spool_.set_loaded();
  spool_.queue.push_back(test::update_of("a", 1));
  EXPECT_EQ(obstacles(with_spool_), (Obstacles{std::nullopt, std::nullopt, Obstacle::forwarding}));
}

TEST_F(ReadinessTest, AllowsUpdatesOnlyWhileAShardIsRecovered) {
  readiness_.set_store_answers(true);
  readiness_.set_loaded();
  readiness_.shard_lost();
  EXPECT_EQ(obstacles(readiness_), (Obstacles{std::nullopt, Obstacle::recovering, Obstacle::recovering}));
  readiness_.shard_found();
  EXPECT_EQ(obstacles(readiness_), Obstacles());
}

TEST_F(ReadinessTest, AllowsNothingOnceTheStoreIsLost) {
  readiness_.set_store_answers(true);
  readiness_.set_loaded();
  EXPECT_TRUE(readiness_.lose_store("gone"));
  EXPECT_FALSE(readiness_.lose_store("gone"));
  EXPECT_EQ(obstacles(readiness_), all(Obstacle::store_lost));
}

TEST_F(ReadinessTest, IsNotReadyBeforeItKnowsTheKeys) {
  readiness_.set_store_answers(true);
  readiness_.set_loaded();
  readiness_.wait_for_keys();
  EXPECT_FALSE(readiness_.is_ready());
  readiness_.set_knows_keys();
  EXPECT_TRUE(readiness_.is_ready());
}

}  // namespace
}  // namespace ubiety
