// What the stores keep about silence: when a device was last heard, its rhythm, and the listening clock.
#include <gtest/gtest.h>

#include "integration/storage/store_fixture.hpp"

namespace ubiety::test {
namespace {

using std::chrono::milliseconds;

SavedSilence silence(std::int64_t heard, std::uint8_t rhythm = 1) {
  SavedSilence silence{.heard = ListeningTime(milliseconds(heard))};
  silence.rhythm.fill(std::byte{rhythm});
  return silence;
}

class StoredSilence : public EachStore {
 protected:
  // Merges one update of the device `a`, with what its shard knows.
  void merge(std::int64_t timestamp, std::int64_t received, std::int64_t last_heard,
             const std::optional<SavedSilence>& silence) {
    const auto one = update("a", timestamp, received);
    const auto position = append(*session_, {one});  // in a stream of its own
    OneDevice source({one, at(timestamp), at(last_heard), silence}, {one.status});
    expected(session_->merge(through(position), source));
  }
  log::LatestStatus latest() { return latest_of(*session_, "a").value(); }

  std::unique_ptr<Session> session_ = open_session();
};
UBIETY_WITH_EACH_STORE(StoredSilence);

TEST_P(StoredSilence, is_loaded_as_it_was_merged) {
  merge(1, 2, 7, silence(1'000));
  EXPECT_EQ(latest().last_heard, at(7));
  EXPECT_EQ(latest().silence, silence(1'000));
}

TEST_P(StoredSilence, is_unknown_where_it_was_not_merged) {
  merge(1, 2, 2, std::nullopt);
  EXPECT_EQ(latest().last_heard, at(2)) << "when the latest status was received";
  EXPECT_EQ(latest().silence, std::nullopt);
}

TEST_P(StoredSilence, is_raised_by_a_late_update_too) {
  merge(5, 5, 5, silence(1'000, 1));
  merge(1, 9, 9, silence(2'000, 2));
  EXPECT_EQ(latest().update, update("a", 5, 5));
  EXPECT_EQ(latest().last_heard, at(9));
  EXPECT_EQ(latest().silence, silence(2'000, 2));
}

TEST_P(StoredSilence, does_not_go_back) {
  merge(5, 9, 9, silence(2'000, 2));
  merge(6, 8, 8, silence(1'000, 1));
  EXPECT_EQ(latest().last_heard, at(9));
  EXPECT_EQ(latest().silence, silence(2'000, 2));
}

TEST_P(StoredSilence, has_the_listening_clock_that_was_saved_last) {
  EXPECT_EQ(expected(session_->listening()), std::nullopt);
  expected(session_->save_listening({ListeningTime(milliseconds(123'456)), at(1)}));
  expected(session_->save_listening({ListeningTime(milliseconds(234'567)), at(2)}));
  const auto saved = expected(session_->listening());
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->listened, ListeningTime(milliseconds(234'567)));
  EXPECT_EQ(saved->wall, at(2));
}

}  // namespace
}  // namespace ubiety::test
