#include "actors/store/startup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/faulty_spool.hpp"
#include "support/faulty_store.hpp"
#include "support/fixed_clock.hpp"
#include "support/generators.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using test::FaultyStore;
using test::update_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StartupTest : public ::testing::Test {
 protected:
  explicit StartupTest(FaultyStore::Start start = FaultyStore::Start::owned, bool may_migrate = true)
      : store_(start), may_migrate_(may_migrate) {}

  void append(const StatusUpdate& update) {
    const auto session = store_.open_beside();
    ASSERT_TRUE(session->open_stream(7));
    ASSERT_TRUE(session->append({7, 1}, {&update}));
  }

  void wait_for_shards() {
    steps_.emplace_back("wait");
    EXPECT_FALSE(state_.readiness.is_loaded()) << "requests would find an older status";
  }

  test::FixedClock clock_;
  FaultyStore store_;
  test::FaultySpool spool_;
  ServiceState state_{&spool_};
  StoreConnection connection_{store_, "housekeeper", report_changes()};
  StoreClaim claim_{store_, &spool_, state_, clock_, [](const std::string&) {}};
  const bool may_migrate_;
  std::vector<std::string> steps_, reasons_;
  Startup startup_{{store_, state_, clock_, connection_, claim_},
                   {may_migrate_, 2, [this](std::uint32_t, const LoadStored&) { steps_.emplace_back("load"); },
                    [this] { wait_for_shards(); }, [this](const std::string& reason) { reasons_.push_back(reason); }}};
};

TEST_F(StartupTest, is_complete_when_the_shards_have_all_that_was_sent) {
  append(update_of("a", 1));
  ASSERT_TRUE(startup_.attempt());
  EXPECT_THAT(steps_, ElementsAre("load", "wait"));
  EXPECT_TRUE(state_.readiness.is_loaded());
  EXPECT_THAT(reasons_, IsEmpty());
}

TEST_F(StartupTest, does_not_wait_for_the_shards_when_the_load_failed) {
  append(update_of("a", 1));
  store_.load_breaks_after = 0;
  EXPECT_FALSE(startup_.attempt());
  EXPECT_THAT(steps_, IsEmpty());
  EXPECT_FALSE(state_.readiness.is_loaded());
  store_.load_breaks_after.reset();
  EXPECT_TRUE(startup_.attempt());
}

TEST_F(StartupTest, tries_again_soon_while_the_store_is_away) {
  store_.is_reachable = false;
  EXPECT_FALSE(startup_.attempt());
  EXPECT_LE(startup_.pause_before_next_attempt(), 1s);
  EXPECT_THAT(reasons_, IsEmpty());
  store_.is_reachable = true;
  EXPECT_TRUE(startup_.attempt());
}

TEST_F(StartupTest, is_given_up_when_latest_statuses_cannot_be_read) {
  store_.damaged_latest = "invalid page in block 3";
  EXPECT_FALSE(startup_.attempt());
  EXPECT_THAT(reasons_, ElementsAre(HasSubstr("ubietyd verify --repair")));
  EXPECT_GE(startup_.pause_before_next_attempt(), 1h) << "the process ends meanwhile";
  EXPECT_FALSE(state_.readiness.is_loaded());
}

TEST_F(StartupTest, is_given_up_when_the_spool_has_taken_updates_for_another_database) {
  ASSERT_TRUE(spool_.bind_to("another"));
  store_.is_reachable = false;
  EXPECT_FALSE(startup_.attempt());
  EXPECT_TRUE(state_.readiness.is_accepting());
  store_.is_reachable = true;
  EXPECT_FALSE(startup_.attempt());
  EXPECT_THAT(reasons_, ElementsAre(HasSubstr("the spool belongs to another database")));
  EXPECT_FALSE(state_.readiness.is_loaded());
}

class StartupWithoutMigrations : public StartupTest {
 protected:
  StartupWithoutMigrations() : StartupTest(FaultyStore::Start::empty, false) {}
};

TEST_F(StartupWithoutMigrations, is_given_up_when_the_schema_is_not_up_to_date) {
  EXPECT_FALSE(startup_.attempt());
  EXPECT_THAT(reasons_, ElementsAre(HasSubstr("ubietyd migrate up")));
  EXPECT_GE(startup_.pause_before_next_attempt(), 1h);
}

}  // namespace
}  // namespace ubiety
