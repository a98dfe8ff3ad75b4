#include "actors/store/store_connection.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/faulty_store.hpp"

namespace ubiety {
namespace {

using test::Fault;

class StoreConnectionTest : public ::testing::Test {
 protected:
  static bool ping(StoreConnection& connection) {
    return connection.use([](Session& session) { return session.ping(); }).ok();
  }
  bool ping(Fault fault = Fault::none) {
    store_.ping_fault = fault;
    return ping(connection_);
  }

  test::FaultyStore store_;
  std::vector<bool> notices_;
  StoreConnection connection_{store_, "test", [this](bool available) {
                                notices_.push_back(available);
                                return true;
                              }};
};

TEST_F(StoreConnectionTest, opens_a_session_when_it_is_needed_and_keeps_it) {
  EXPECT_EQ(store_.sessions, 0);
  EXPECT_TRUE(ping());
  EXPECT_TRUE(ping());
  EXPECT_EQ(store_.sessions, 1);
  EXPECT_EQ(notices_, (std::vector{true, true}));
}

TEST_F(StoreConnectionTest, opens_another_after_a_failure) {
  EXPECT_FALSE(ping(Fault::before));
  EXPECT_EQ(store_.open_sessions, 0) << "the failed session is closed";
  EXPECT_TRUE(ping());
  EXPECT_EQ(store_.sessions, 2);
  EXPECT_EQ(notices_, (std::vector{false, true}));
}

TEST_F(StoreConnectionTest, opens_another_after_an_unknown_outcome) {
  EXPECT_FALSE(ping(Fault::after));
  EXPECT_TRUE(ping());
  EXPECT_EQ(store_.sessions, 2);
  EXPECT_EQ(notices_, (std::vector{false, true}));
}

TEST_F(StoreConnectionTest, keeps_a_session_that_refuses) {
  EXPECT_FALSE(ping(Fault::rejection));
  EXPECT_TRUE(ping());
  EXPECT_EQ(store_.sessions, 1);
  EXPECT_EQ(notices_, (std::vector{true, true}));
}

TEST_F(StoreConnectionTest, does_nothing_without_a_session) {
  store_.is_reachable = false;
  bool called = false;
  const auto outcome = connection_.use([&](Session&) -> StoreResult<Done> {
    called = true;
    return Done{};
  });
  EXPECT_FALSE(outcome);
  EXPECT_FALSE(called);
  EXPECT_EQ(notices_, std::vector{false});
}

TEST_F(StoreConnectionTest, takes_what_is_thrown_for_a_failure) {
  const auto outcome = connection_.use([](Session&) -> StoreResult<Done> { throw std::runtime_error("broken"); });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_EQ(outcome.error().message, "broken");
  EXPECT_TRUE(ping());
  EXPECT_EQ(store_.sessions, 2);
  EXPECT_EQ(notices_, (std::vector{false, true}));
}

TEST_F(StoreConnectionTest, takes_an_idle_connection_when_none_is_left) {
  StoreConnection other(store_, "other", test::unnoticed);
  store_.max_sessions = 1;
  EXPECT_TRUE(ping(other));
  EXPECT_TRUE(ping());
  EXPECT_TRUE(ping(other));
  EXPECT_EQ(store_.sessions, 3);
  EXPECT_EQ(store_.open_sessions, 1);
  EXPECT_NE(store_.connections().last_refusal(), SharedConnections::Time{});
}

TEST_F(StoreConnectionTest, leaves_the_connection_that_commits) {
  StoreConnection committing(store_, "writer", test::unnoticed, Sharing::keeps);
  EXPECT_TRUE(committing.can_be_used());
  store_.max_sessions = 1;
  const auto outcome = connection_.use([](Session& session) { return session.ping(); });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, StoreFailure::Kind::no_connection_left);
  EXPECT_EQ(store_.open_sessions, 1);
  EXPECT_TRUE(ping(committing));
  EXPECT_EQ(store_.sessions, 1);
}

TEST_F(StoreConnectionTest, leaves_a_connection_that_is_in_use) {
  StoreConnection other(store_, "other", test::unnoticed);
  store_.max_sessions = 1;
  EXPECT_TRUE(connection_.use([&](Session& session) {
    EXPECT_FALSE(other.can_be_used());
    return session.ping();
  }));
  EXPECT_TRUE(other.can_be_used());
}

}  // namespace
}  // namespace ubiety
