// One store, one owner: what storage/ownership.hpp promises, on both stores.
#include <gmock/gmock.h>
#include <unistd.h>

#include "storage/ownership.hpp"
#include "store_fixture.hpp"
#include "support/unmerged_updates.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Outcome = Claim::Outcome;

class StoreOwnership : public EachStore {
 protected:
  StoreOwnership() { EXPECT_TRUE(open_migrator()->up()); }

  static Claim claim(Store& store) {
    auto claim = store.ownership().claim();
    EXPECT_TRUE(claim) << claim.error().message;
    return *claim;
  }

  static std::unique_ptr<Session> open(Store& store) { return expected(store.open()); }

  // As long as one of them lives, the other has to wait.
  std::unique_ptr<Store> other_ = open_beside();
};
UBIETY_WITH_EACH_STORE(StoreOwnership);

TEST_P(StoreOwnership, is_one_process_s) {
  own(*store_);
  const auto refused = claim(*other_);
  EXPECT_EQ(refused.outcome, Outcome::others);
  EXPECT_EQ(refused.other.pid, ::getpid());
  EXPECT_FALSE(refused.other.host.empty());
  EXPECT_EQ(refused.other.since, at(0));
  EXPECT_EQ(claim(*store_).outcome, Outcome::owned) << "asked again";
  EXPECT_EQ(claim(*other_).outcome, Outcome::others) << "asked again";
}

TEST_P(StoreOwnership, is_another_s_after_the_owner_s_end) {
  own(*store_);
  EXPECT_EQ(claim(*other_).outcome, Outcome::others);
  store_.reset();
  // A server takes a moment to end the session that held the lock.
  EXPECT_TRUE(wait_until([&] { return claim(*other_).outcome == Outcome::owned; }, std::chrono::seconds(5)));
}

TEST_P(StoreOwnership, is_claimed_before_there_is_a_schema) {
  while (migrate_down(*store_)) continue;
  EXPECT_EQ(claim(*store_).outcome, Outcome::owned);
  const auto refused = claim(*other_);
  EXPECT_EQ(refused.outcome, Outcome::others);
  EXPECT_EQ(to_text(refused.other), "another process");
  EXPECT_TRUE(open_migrator()->up());
  own(*store_);
  EXPECT_EQ(claim(*other_).other.pid, ::getpid());
}

TEST_P(StoreOwnership, is_needed_for_every_write) {
  const auto opened = open(*store_)->open_stream(new_stream());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_THAT(opened.error().message, HasSubstr("does not own the store"));
  const auto sent = update("sensor", 1, 1);
  UnmergedUpdates nothing;
  EXPECT_FALSE(open(*store_)->append({new_stream(), 1}, {&sent}));
  EXPECT_FALSE(open(*store_)->append_once({{{new_stream(), 1}, {sent}}}));
  EXPECT_FALSE(open(*store_)->merge({}, nothing));
  EXPECT_FALSE(open(*store_)->write_latest(std::vector<log::LatestStatus>{{sent, at(1)}}));
  EXPECT_FALSE(open(*store_)->compact(at(day)));
  EXPECT_FALSE(open(*store_)->expire(at(1)));
  own(*other_);
  const auto loaded = load(*open(*other_));
  EXPECT_THAT(loaded.latest, IsEmpty());
  EXPECT_THAT(loaded.rows, IsEmpty());
}

TEST_P(StoreOwnership, is_not_needed_to_read) {
  own(*other_);
  const auto writer = open(*other_), reader = open(*store_);
  append(*writer, {update("sensor", 1, 1)});
  EXPECT_THAT(records_of(*reader, "sensor"), SizeIs(1));
  EXPECT_THAT(load(*reader).rows, SizeIs(1));
  store_merged(*writer, {update("sensor", 2, 2)});
  EXPECT_THAT(merged_history_of(*reader, "sensor"), SizeIs(1));
}

// The next owner has loaded everything by then: it would never see what is appended now.
TEST_P(StoreOwnership, ends_for_every_session_of_the_owner_before) {
  own(*store_);
  auto session = open(*store_);
  const auto position = append(*session, {update("sensor", 1, 1)});
  session.reset();
  store_ = open_beside();
  own(*other_);
  const auto late = update("sensor", 2, 2);
  EXPECT_FALSE(open(*store_)->append({position.stream, 2}, {&late}));
  EXPECT_FALSE(open(*store_)->open_stream(new_stream()));
  EXPECT_THAT(records_of(*open(*other_), "sensor"), SizeIs(1));
}

}  // namespace
}  // namespace ubiety::test
