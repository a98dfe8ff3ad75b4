// What the stores keep of what the fleet room knows: when a device was last heard, its rhythm and problems, the
// listening clock, and outages.
#include <gtest/gtest.h>

#include "integration/storage/store_fixture.hpp"

namespace ubiety::test {
namespace {

using std::chrono::milliseconds;

SavedWatch watch(std::int64_t heard, std::uint8_t rhythm = 1) {
  SavedWatch watch{.silence = {.heard = ListeningTime(milliseconds(heard))}, .problems = {}, .group = "hall3"};
  watch.silence.rhythm.fill(std::byte{rhythm});
  watch.problems.problems = {{ProblemKind::battery_low, at(heard)}, {ProblemKind::clock, at(heard), -3600}};
  return watch;
}

class StoredWatch : public EachStore {
 protected:
  // Merges one update of the device `a`, with what its shard knows.
  void merge(std::int64_t timestamp, std::int64_t received, std::int64_t last_heard,
             const std::optional<SavedWatch>& watch) {
    const auto one = update("a", timestamp, received);
    const auto position = append(*session_, {one});  // in a stream of its own
    OneDevice source({one, at(timestamp), at(last_heard), watch}, {one.status});
    expected(session_->merge(through(position), source));
  }
  log::LatestStatus latest() { return latest_of(*session_, "a").value(); }

  std::unique_ptr<Session> session_ = open_session();
};
UBIETY_WITH_EACH_STORE(StoredWatch);

TEST_P(StoredWatch, is_loaded_as_it_was_merged) {
  merge(1, 2, 7, watch(1'000));
  EXPECT_EQ(latest().last_heard, at(7));
  EXPECT_EQ(latest().watch, watch(1'000));
}

TEST_P(StoredWatch, is_unknown_where_it_was_not_merged) {
  merge(1, 2, 2, std::nullopt);
  EXPECT_EQ(latest().last_heard, at(2)) << "when the latest status was received";
  EXPECT_EQ(latest().watch, std::nullopt);
}

TEST_P(StoredWatch, is_raised_by_a_late_update_too) {
  merge(5, 5, 5, watch(1'000, 1));
  merge(1, 9, 9, watch(2'000, 2));
  EXPECT_EQ(latest().update, update("a", 5, 5));
  EXPECT_EQ(latest().last_heard, at(9));
  EXPECT_EQ(latest().watch, watch(2'000, 2));
}

TEST_P(StoredWatch, does_not_go_back) {
  merge(5, 9, 9, watch(2'000, 2));
  merge(6, 8, 8, watch(1'000, 1));
  EXPECT_EQ(latest().last_heard, at(9));
  EXPECT_EQ(latest().watch, watch(2'000, 2));
}

TEST_P(StoredWatch, has_the_listening_clock_that_was_saved_last) {
  EXPECT_EQ(expected(session_->listening()), std::nullopt);
  expected(session_->save_listening({ListeningTime(milliseconds(123'456)), at(1)}));
  expected(session_->save_listening({ListeningTime(milliseconds(234'567)), at(2)}));
  const auto saved = expected(session_->listening());
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->listened, ListeningTime(milliseconds(234'567)));
  EXPECT_EQ(saved->wall, at(2));
}

TEST_P(StoredWatch, has_the_past_that_was_saved_last) {
  EXPECT_EQ(expected(session_->fleet_past()), FleetPast{});
  const auto time = [](std::int64_t number) { return ListeningTime(milliseconds(number)); };
  SavedOutage over{"gw07", {0, time(1), time(2), time(3), milliseconds(4), 5}, at(6), at(7)};
  SavedOutage running{"", {0, time(11), time(12), std::nullopt, milliseconds(14), 15}, at(16), std::nullopt};
  const auto saved = [&] {
    auto past = expected(session_->fleet_past());
    std::sort(past.outages.begin(), past.outages.end(),
              [](auto& left, auto& right) { return left.group > right.group; });
    return past;
  };
  FleetPast past{{over, running}, {{at(1), at(2)}, {at(5), at(9)}}};
  expected(session_->save_fleet_past(past));
  EXPECT_EQ(saved(), past);
  past = {{running}, {{at(5), at(9)}}};
  expected(session_->save_fleet_past(past));
  EXPECT_EQ(saved(), past);
}

}  // namespace
}  // namespace ubiety::test
