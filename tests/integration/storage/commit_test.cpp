#include <gmock/gmock.h>

#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Commit : public EachStore {};
UBIETY_WITH_EACH_STORE(Commit);

TEST_P(Commit, keeps_every_field) {
  const auto session = open_session();
  StatusUpdate given{"sensor", {*parse_timestamp("2026-11-24T08:37:11.123456Z"), at(1), -160, 0, false}};
  commit_fresh(*session, {given});
  EXPECT_THAT(history_of(*session, "sensor"), ElementsAre(given.status));
}

TEST_P(Commit, takes_the_extremes) {
  const auto session = open_session();
  const std::string longest_id = [] {
    std::string id;
    for (int i = 0; i < 255; ++i) id += "\xF0\x9F\x98\x80";
    return id;
  }();
  const std::vector<StatusUpdate> extremes{{"earliest", {earliest_timestamp, at(0), 20, 100, true}},
                                           {"latest", {latest_timestamp, at(0), 20, 100, true}},
                                           {longest_id, {at(0), at(0), 0, 0, false}},
                                           {"\\. \\N 'quoted' \"twice\" ; -- %s {}", {at(0), at(0), 0, 0, false}}};
  commit_fresh(*session, extremes);
  for (const auto& extreme : extremes)
    EXPECT_THAT(history_of(*session, extreme.device_id), ElementsAre(extreme.status)) << extreme.device_id;
}

TEST_P(Commit, keeps_one_row_of_a_repeated_update_with_the_later_receipt) {
  const auto session = open_session();
  commit_fresh(*session, {update("sensor", 0, 10)});
  commit_doubtful(*session, {update("sensor", 0, 30)});
  commit_doubtful(*session, {update("sensor", 0, 20)});
  EXPECT_THAT(history_of(*session, "sensor"), ElementsAre(update("sensor", 0, 30).status));
}

TEST_P(Commit, keeps_other_values_at_the_same_time) {
  const auto session = open_session();
  commit_doubtful(*session, {update("sensor", 0, 10, 50), update("sensor", 0, 20, 51)});
  EXPECT_THAT(history_of(*session, "sensor"),
              ElementsAre(update("sensor", 0, 20, 51).status, update("sensor", 0, 10, 50).status));
}

TEST_P(Commit, survives_a_repetition_in_the_fast_lane) {
  const auto session = open_session();
  commit_fresh(*session, {update("sensor", 0, 10)});
  commit_fresh(*session, {update("neighbour", 0, 11), update("sensor", 0, 12)});
  EXPECT_THAT(history_of(*session, "sensor"), ElementsAre(update("sensor", 0, 12).status));
  EXPECT_THAT(history_of(*session, "neighbour"), SizeIs(1));
}

TEST_P(Commit, survives_a_repetition_in_the_fast_lane_beside_the_other) {
  const auto session = open_session();
  commit_fresh(*session, {update("sensor", 0, 10)});
  const auto repeated = update("sensor", 0, 12), late = update("late", -100, 13), fresh = update("fresh", 5, 14);
  const auto committed = session->commit({{&fresh, &repeated}, {&late}});
  ASSERT_TRUE(committed) << committed.error().message;
  EXPECT_THAT(history_of(*session, "sensor"), ElementsAre(repeated.status));
  EXPECT_THAT(history_of(*session, "late"), ElementsAre(late.status));
  EXPECT_THAT(history_of(*session, "fresh"), ElementsAre(fresh.status));
}

TEST_P(Commit, puts_both_lanes_in_one_transaction) {
  const auto session = open_session();
  auto impossible = update("impossible", 0, 10);
  impossible.status.battery_level = 200;  // what validation never lets through
  const auto fresh = update("fresh", 0, 11);
  const auto committed = session->commit({{&fresh}, {&impossible}});
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, StoreFailure::Kind::rejected);
  EXPECT_THAT(history_of(*session, "fresh"), IsEmpty());
}

TEST_P(Commit, goes_on_after_a_rejected_batch) {
  const auto session = open_session();
  auto impossible = update("impossible", 0, 10);
  impossible.status.battery_level = 200;
  const auto late_and_impossible = update("late", -1, 10);
  ASSERT_FALSE(session->commit({{&impossible}, {}}));
  ASSERT_FALSE(session->commit({{}, {&impossible, &late_and_impossible}}));
  commit_fresh(*session, {update("sensor", 0, 12)});
  commit_doubtful(*session, {update("sensor", -5, 13)});
  EXPECT_THAT(history_of(*session, "sensor"), SizeIs(2));
}

TEST_P(Commit, takes_a_large_batch) {
  const auto session = open_session();
  std::vector<StatusUpdate> many;
  for (int i = 0; i < 20'000; ++i) many.push_back(update("sensor-" + std::to_string(i % 100), i, i));
  commit_fresh(*session, many);
  EXPECT_THAT(history_of(*session, "sensor-7"), SizeIs(200));
  commit_doubtful(*session, many);
  EXPECT_THAT(history_of(*session, "sensor-7"), SizeIs(200));
}

TEST_P(Commit, is_seen_by_another_session) {
  const auto writer = open_session(), reader = open_session();
  commit_fresh(*writer, {update("sensor", 0, 10)});
  EXPECT_THAT(history_of(*reader, "sensor"), SizeIs(1));
}

}  // namespace
}  // namespace ubiety::test
