// The log: what is appended to it, and what a node learns about an append whose outcome it does not know.
#include <gmock/gmock.h>

#include <limits>

#include "node.hpp"
#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = StoreFailure::Kind;

class Append : public EachStore {
 protected:
  log::StreamId open_stream() {
    const auto stream = new_stream();
    expected(session_->open_stream(stream));
    return stream;
  }

  StoreResult<Done> append(log::Position position, const std::vector<StatusUpdate>& updates) {
    return session_->append(position, pointers_to(updates));
  }
  StoreResult<Done> append_once(log::Position position, const std::vector<StatusUpdate>& updates) {
    return session_->append_once({{position, updates}});
  }

  std::unique_ptr<Session> session_ = open_session();
};
UBIETY_WITH_EACH_STORE(Append);

TEST_P(Append, keeps_every_field) {
  const StatusUpdate given{"sensor", {*parse_timestamp("2026-11-24T08:37:11.123456Z"), at(1), -160, 0, false}};
  ASSERT_TRUE(append({open_stream(), 1}, {given}));
  const auto loaded = load(*session_);
  ASSERT_THAT(loaded.rows, SizeIs(1));
  EXPECT_THAT(loaded.rows[0].updates, ElementsAre(given));
  EXPECT_THAT(records_of(*session_, "sensor"), ElementsAre(given.status));
}

TEST_P(Append, takes_the_extremes) {
  std::string longest_id;
  for (int i = 0; i < 255; ++i) longest_id += "\xF0\x9F\x98\x80";
  const std::vector<StatusUpdate> extremes{{"earliest", {earliest_timestamp, at(0), 20, 100, true}},
                                           {"latest", {latest_timestamp, at(0), 20, 100, true}},
                                           {"received", {at(0), latest_timestamp, -160, 0, false}},
                                           {longest_id, {at(0), at(0), 0, 0, false}},
                                           {"\\. \\N 'quoted' \"twice\" ; -- %s {},", {at(0), at(0), 0, 0, false}},
                                           {"NULL", {at(0), at(0), 0, 0, false}}};
  const log::Position position{open_stream(), 1};
  ASSERT_TRUE(append(position, extremes));
  const auto loaded = load(*session_);
  ASSERT_THAT(loaded.rows, SizeIs(1));
  EXPECT_EQ(loaded.rows[0].position, position);
  EXPECT_EQ(loaded.rows[0].updates, extremes);
}

TEST_P(Append, takes_the_highest_stream) {
  const log::Position position{std::numeric_limits<std::int64_t>::max(), 1};
  ASSERT_TRUE(session_->open_stream(position.stream));
  ASSERT_TRUE(append(position, {update("sensor", 0, 10)}));
  EXPECT_EQ(load(*session_).rows.at(0).position, position);
}

TEST_P(Append, keeps_repetitions_and_their_order) {
  const std::vector<StatusUpdate> given{update("b", 5, 10), update("a", 5, 11), update("b", 5, 12), update("b", 4, 13)};
  ASSERT_TRUE(append({open_stream(), 1}, given));
  EXPECT_EQ(load(*session_).rows.at(0).updates, given);
}

TEST_P(Append, takes_rows_of_a_stream_in_their_order) {
  const auto stream = open_stream();
  for (int i = 1; i <= 20; ++i) ASSERT_TRUE(append({stream, i}, {update("sensor", i, i)}));
  EXPECT_THAT(records_of(*session_, "sensor"), SizeIs(20));
}

TEST_P(Append, takes_rows_of_several_streams_in_turn) {
  const auto one = open_stream(), other = open_stream();
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(append({one, i}, {update("one", i, i)}));
    ASSERT_TRUE(append({other, i}, {update("other", i, i)}));
  }
  EXPECT_THAT(records_of(*session_, "one"), SizeIs(3));
  EXPECT_THAT(records_of(*session_, "other"), SizeIs(3));
}

TEST_P(Append, takes_no_position_twice) {
  const auto stream = open_stream();
  ASSERT_TRUE(append({stream, 1}, {update("sensor", 1, 1)}));
  EXPECT_FALSE(append({stream, 1}, {update("sensor", 2, 2)}));
  session_ = expected(store_->open());
  EXPECT_THAT(records_of(*session_, "sensor"), ElementsAre(update("sensor", 1, 1).status));
  EXPECT_EQ(session_->last_appended(stream).value(), 1);
}

TEST_P(Append, takes_no_row_of_a_stream_that_was_never_opened) {
  const auto appended = append({new_stream(), 1}, {update("sensor", 1, 1)});
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, Kind::stream_closed);
  EXPECT_THAT(load(*session_).rows, IsEmpty());
}

TEST_P(Append, goes_on_after_a_row_that_was_refused) {
  const auto stream = open_stream();
  ASSERT_FALSE(append({new_stream(), 1}, {update("sensor", 1, 1)}));
  ASSERT_TRUE(append({stream, 1}, {update("sensor", 2, 2)}));
  EXPECT_THAT(records_of(*session_, "sensor"), SizeIs(1));
}

TEST_P(Append, opens_a_stream_that_is_open) {
  const auto stream = open_stream();
  ASSERT_TRUE(append({stream, 1}, {update("sensor", 1, 1)}));
  ASSERT_TRUE(session_->open_stream(stream));
  EXPECT_EQ(session_->last_appended(stream).value(), 1);
  ASSERT_TRUE(append({stream, 2}, {update("sensor", 2, 2)}));
}

// Otherwise an earlier owner, which does not know that it was replaced, could still commit.
TEST_P(Append, takes_no_row_of_a_stream_from_before_the_last_take_over) {
  const auto stream = open_stream();
  ASSERT_TRUE(append({stream, 1}, {update("sensor", 1, 1)}));
  ASSERT_TRUE(store_->ownership().take_over(at(5)));
  const auto appended = append({stream, 2}, {update("sensor", 2, 2)});
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, Kind::stream_closed);
  const auto last = session_->last_appended(stream);
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().kind, Kind::stream_closed);
  EXPECT_THAT(load(*session_).rows, SizeIs(1)) << "what a closed stream has is still in the log";
}

TEST_P(Append, takes_a_large_row) {
  std::vector<StatusUpdate> many;
  for (int i = 0; i < 20'000; ++i) many.push_back(update("sensor-" + std::to_string(i % 100), i, i));
  ASSERT_TRUE(append({open_stream(), 1}, many));
  EXPECT_EQ(load(*session_).rows.at(0).updates, many);
  EXPECT_THAT(records_of(*session_, "sensor-7"), SizeIs(200));
}

TEST_P(Append, is_seen_by_another_session) {
  const auto reader = expected(store_->open());
  ASSERT_TRUE(append({open_stream(), 1}, {update("sensor", 0, 10)}));
  EXPECT_THAT(records_of(*reader, "sensor"), SizeIs(1));
}

TEST_P(Append, is_settled_by_the_last_row) {
  const auto stream = open_stream();
  EXPECT_EQ(session_->last_appended(stream).value(), 0);
  ASSERT_TRUE(append({stream, 1}, {update("sensor", 1, 1)}));
  ASSERT_TRUE(append({stream, 2}, {update("sensor", 2, 2)}));
  EXPECT_EQ(session_->last_appended(stream).value(), 2);
  EXPECT_EQ(expected(store_->open())->last_appended(stream).value(), 2) << "asked by another session";
}

TEST_P(Append, is_settled_by_the_last_row_also_when_a_merge_has_moved_it) {
  Node node(*session_);
  node.append({update("sensor", 1, 1)});
  node.append({update("sensor", 2, 2)});
  node.merge();
  EXPECT_EQ(session_->last_appended(node.stream()).value(), 2);
  node.append({update("sensor", 3, 3)});
  EXPECT_EQ(session_->last_appended(node.stream()).value(), 3);
}

TEST_P(Append, is_not_settled_for_a_stream_that_the_store_does_not_have) {
  const auto last = session_->last_appended(new_stream());
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().kind, Kind::stream_closed);
}

TEST_P(Append, keeps_a_row_of_another_disk_once) {
  const log::Position position{open_stream(), 1};
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(append_once(position, {update("sensor", 1, 1)}));
  const auto loaded = load(*session_);
  ASSERT_THAT(loaded.rows, SizeIs(1));
  EXPECT_THAT(loaded.rows[0].updates, SizeIs(1));
  EXPECT_EQ(session_->last_appended(position.stream).value(), 1);
}

TEST_P(Append, keeps_a_row_of_another_disk_once_also_when_a_merge_has_moved_it) {
  Node node(*session_);
  const auto appended = update("sensor", 1, 1);
  const auto position = node.append({appended});
  node.merge();
  ASSERT_TRUE(append_once(position, {appended}));
  EXPECT_THAT(load(*session_).rows, IsEmpty());
  EXPECT_THAT(records_of(*session_, "sensor"), SizeIs(1));
}

TEST_P(Append, takes_those_of_several_rows_of_another_disk_that_it_lacks) {
  Node node(*session_);
  const auto merged = node.append({update("sensor", 1, 1)});
  node.merge();
  const auto logged = node.append({update("sensor", 2, 2)});
  const log::Position next{node.stream(), 3}, other{new_stream(), 1};
  const std::vector<log::Row> rows{{merged, {update("sensor", 1, 1)}},
                                   {logged, {update("sensor", 2, 2)}},
                                   {next, {update("sensor", 3, 3), update("another", 3, 3)}},
                                   {other, {update("sensor", 4, 4)}}};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(session_->append_once(rows));
  EXPECT_THAT(load(*session_).rows, SizeIs(3));
  EXPECT_THAT(records_of(*session_, "sensor"), SizeIs(4));
  EXPECT_THAT(records_of(*session_, "another"), SizeIs(1));
}

// A spool has the rows of a service that ended. The database has missed that stream, or the first rows of it.
TEST_P(Append, takes_rows_of_another_disk_into_a_stream_that_is_missing) {
  const auto stream = new_stream();
  for (const int sequence : {5, 6, 6, 5}) ASSERT_TRUE(append_once({stream, sequence}, {update("sensor", sequence, 1)}));
  const auto loaded = load(*session_);
  ASSERT_THAT(loaded.rows, SizeIs(2));
  EXPECT_EQ(loaded.rows[0].position, (log::Position{stream, 5}));
  EXPECT_EQ(loaded.rows[1].position, (log::Position{stream, 6}));
}

TEST_P(Append, takes_rows_of_another_disk_into_a_stream_that_is_closed) {
  const auto stream = open_stream();
  ASSERT_TRUE(append({stream, 1}, {update("sensor", 1, 1)}));
  ASSERT_TRUE(store_->ownership().take_over(at(5)));
  ASSERT_TRUE(append_once({stream, 1}, {update("sensor", 1, 1)}));
  ASSERT_TRUE(append_once({stream, 2}, {update("sensor", 2, 2)}));
  EXPECT_THAT(records_of(*session_, "sensor"), SizeIs(2));
  EXPECT_FALSE(append({stream, 3}, {update("sensor", 3, 3)})) << "still closed";
}

}  // namespace
}  // namespace ubiety::test
