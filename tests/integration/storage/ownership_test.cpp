// One store, one owner: what storage/ownership.hpp promises, on both stores.
#include <gmock/gmock.h>
#include <unistd.h>

#include "storage/ownership.hpp"
#include "store_fixture.hpp"

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

  static StoreResult<Committed> commit(Session& session, const StatusUpdate& update) {
    return session.commit({.fresh = {&update}, .doubtful = {}});
  }

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
  EXPECT_EQ(claim(*other_).outcome, Outcome::owned);
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
  const auto session = std::move(store_->open().value());
  const auto committed = commit(*session, update("sensor", 1, 1));
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_THAT(committed.error().message, HasSubstr("does not own the store"));
  EXPECT_FALSE(std::move(store_->open().value())->write_checkpoint(std::vector{update("sensor", 1, 1)}));
  EXPECT_FALSE(std::move(store_->open().value())->set_watermark(at(1)));
  EXPECT_FALSE(std::move(store_->open().value())->expire(at(1)));
  own(*other_);
  EXPECT_THAT(told_by(*std::move(other_->open().value())), IsEmpty());
}

TEST_P(StoreOwnership, is_not_needed_to_read) {
  own(*other_);
  const auto writer = std::move(other_->open().value()), reader = std::move(store_->open().value());
  commit_fresh(*writer, {update("sensor", 1, 1)});
  EXPECT_THAT(history_of(*reader, "sensor"), SizeIs(1));
  EXPECT_THAT(told_by(*reader), SizeIs(1));
}

// The next owner has read everything by then: it would never see what is committed now.
TEST_P(StoreOwnership, ends_for_every_session_of_the_owner_before) {
  own(*store_);
  auto session = std::move(store_->open().value());
  commit_fresh(*session, {update("sensor", 1, 1)});
  session.reset();
  store_ = open_beside();
  own(*other_);
  EXPECT_FALSE(commit(*std::move(store_->open().value()), update("sensor", 2, 2)));
  EXPECT_THAT(history_of(*std::move(other_->open().value()), "sensor"), SizeIs(1));
}

}  // namespace
}  // namespace ubiety::test
