#include "actors/store/store_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "support/faulty_spool.hpp"
#include "support/faulty_store.hpp"
#include "support/fixed_clock.hpp"
#include "support/generators.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using Outcome = Claim::Outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StoreClaimTest : public ::testing::Test {
 protected:
  void own() {
    ASSERT_TRUE(claim_.has_store().value());
    ASSERT_TRUE(claim_.take_over());
    state_.readiness.set_loaded();
  }

  const Owner other_{.host = "web-1", .pid = 4711, .since = noon};
  test::FixedClock clock_;
  test::FaultyStore store_{test::FaultyStore::Start::migrated};
  test::FaultySpool spool_;
  ServiceState state_{&spool_};
  std::vector<std::string> lost_;
  StoreClaim claim_{store_, &spool_, state_, clock_, [this](const std::string& reason) { lost_.push_back(reason); }};
};

TEST_F(StoreClaimTest, stands_by_while_another_process_owns_the_store) {
  {
    const test::AnotherOwner another(store_, other_);
    EXPECT_FALSE(claim_.has_store().value());
    ASSERT_NE(state_.readiness.standing_by_for(), nullptr);
    EXPECT_EQ(*state_.readiness.standing_by_for(), other_);
    EXPECT_FALSE(state_.readiness.is_owner());
  }
  EXPECT_TRUE(claim_.has_store().value());
  EXPECT_NE(state_.readiness.standing_by_for(), nullptr) << "it has not taken over yet";
  EXPECT_EQ(store_.recorded_owner(), other_) << "it has not taken over yet";
  EXPECT_TRUE(claim_.take_over());
  EXPECT_EQ(state_.readiness.standing_by_for(), nullptr);
  EXPECT_TRUE(state_.readiness.is_owner());
  EXPECT_EQ(store_.recorded_owner(), this_process(noon));
  EXPECT_THAT(lost_, IsEmpty());
}

TEST_F(StoreClaimTest, loses_a_store_that_another_process_took_over) {
  own();
  EXPECT_TRUE(state_.readiness.can(Activity::read));
  store_.lose_lock();
  const test::AnotherOwner another(store_, other_);
  EXPECT_FALSE(claim_.has_store().value());
  EXPECT_THAT(lost_, ElementsAre(HasSubstr("process 4711 on web-1, since ")));
  EXPECT_FALSE(state_.readiness.can(Activity::read));
  EXPECT_FALSE(state_.readiness.can(Activity::update));
  EXPECT_FALSE(state_.readiness.is_owner());
  EXPECT_EQ(store_.recorded_owner(), other_);
}

// The spool accepted updates before the store answered.
TEST_F(StoreClaimTest, loses_a_store_that_it_accepted_updates_for) {
  state_.readiness.set_accepting();
  const test::AnotherOwner another(store_, other_);
  EXPECT_FALSE(claim_.has_store().value());
  EXPECT_EQ(lost_.size(), 1U);
}

TEST_F(StoreClaimTest, loses_a_store_once) {
  own();
  std::filesystem::rename(store_.path(), store_.path() + ".moved");
  EXPECT_FALSE(claim_.has_store().value());
  EXPECT_FALSE(claim_.has_store().value());
  EXPECT_THAT(lost_, ElementsAre(HasSubstr("was removed or moved")));
}

TEST_F(StoreClaimTest, changes_nothing_while_the_store_does_not_answer) {
  own();
  for (const auto fault : {test::Fault::before, test::Fault::after}) {
    store_.claim_fault = fault;
    EXPECT_FALSE(claim_.has_store());
    EXPECT_TRUE(state_.readiness.can(Activity::read));
    EXPECT_TRUE(state_.readiness.is_owner());
    EXPECT_THAT(lost_, IsEmpty());
  }
}

class FailureNotices : public ::testing::Test {
 protected:
  bool due_at(std::chrono::seconds time, std::string_view reason) { return notice_.is_due(reason, begin_ + time); }

  FailureNotice notice_;
  SteadyTime begin_{1h};
};

TEST_F(FailureNotices, come_at_growing_intervals_for_one_reason_that_lasts) {
  std::vector<long> told;
  for (auto time = 0s; time < 1300s; ++time)
    if (due_at(time, "refused")) told.push_back(time.count());
  EXPECT_EQ(told, (std::vector<long>{0, 5, 15, 35, 75, 155, 315, 615, 915, 1215}));
}

TEST_F(FailureNotices, come_at_once_for_another_reason) {
  EXPECT_TRUE(due_at(0s, "refused"));
  EXPECT_TRUE(due_at(1s, "no such database"));
  EXPECT_FALSE(due_at(2s, "no such database"));
  EXPECT_TRUE(due_at(6s, "no such database")) << "the interval begins again";
  EXPECT_TRUE(due_at(7s, "refused"));
}

TEST_F(FailureNotices, come_at_once_after_a_success) {
  EXPECT_TRUE(due_at(0s, "refused"));
  notice_.reset();
  EXPECT_TRUE(due_at(1s, "refused"));
  EXPECT_FALSE(due_at(2s, "refused"));
}

}  // namespace
}  // namespace ubiety
