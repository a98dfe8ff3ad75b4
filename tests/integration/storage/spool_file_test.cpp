#include "storage/sqlite/spool_file.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "integration/storage/store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t plenty = 64 << 20;
constexpr log::StreamId stream = 7;

class SpoolFileTest : public ::testing::Test {
 protected:
  SpoolFileTest() { open(); }

  void open(std::int64_t most_bytes = plenty) {
    spool_.reset();
    spool_ = expected(sqlite::SpoolFile::open(path_, most_bytes));
  }

  StoreResult<Done> append(log::Position position, const std::vector<StatusUpdate>& updates) {
    return spool_->append(position, pointers_to(updates));
  }

  static std::vector<StatusUpdate> numbered(int count) {
    std::vector<StatusUpdate> updates;
    for (int i = 0; i < count; ++i) updates.push_back(update("device-" + std::to_string(i), i, i + 1));
    return updates;
  }

  std::vector<log::Row> rows() {
    std::vector<log::Row> rows;
    expected(spool_->read_all([&](log::Row&& row) { rows.push_back(std::move(row)); }));
    return rows;
  }
  std::vector<log::Position> positions() {
    std::vector<log::Position> positions;
    for (const auto& row : rows()) positions.push_back(row.position);
    return positions;
  }

  TemporaryDirectory folder_;
  const std::string path_ = (folder_.path() / "spool.db").string();
  std::unique_ptr<Spool> spool_;
};

TEST_F(SpoolFileTest, returns_the_oldest_rows_until_they_are_removed) {
  const auto updates = numbered(5);
  ASSERT_TRUE(append({stream, 1}, {updates[3], updates[1]}));
  ASSERT_TRUE(append({stream, 2}, {updates[4], updates[0], updates[2]}));
  EXPECT_EQ(spool_->waiting(), 5U);

  for (int i = 0; i < 2; ++i) {
    const auto oldest = expected(spool_->oldest());
    ASSERT_EQ(oldest.size(), 2U);
    EXPECT_EQ(oldest[0].position, (log::Position{stream, 1}));
    EXPECT_EQ(oldest[0].updates, (std::vector{updates[3], updates[1]}));
  }
  ASSERT_TRUE(spool_->remove({log::Position{stream, 1}}));
  EXPECT_EQ(spool_->waiting(), 3U);
  EXPECT_EQ(expected(spool_->oldest()).at(0).position, (log::Position{stream, 2}));
  ASSERT_TRUE(spool_->remove({log::Position{stream, 2}}));
  EXPECT_EQ(spool_->waiting(), 0U);
  EXPECT_THAT(expected(spool_->oldest()), IsEmpty());
}

TEST_F(SpoolFileTest, returns_a_bounded_number_of_rows_and_bytes) {
  for (int i = 1; i <= 300; ++i) ASSERT_TRUE(append({stream, i}, numbered(1)));
  EXPECT_EQ(expected(spool_->oldest()).size(), 256U);
  open();
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(append({stream - 1, i}, numbered(60'000)));
  auto oldest = expected(spool_->oldest());
  while (oldest.front().position.stream == stream) {
    std::vector<log::Position> positions;
    for (const auto& row : oldest)
      if (row.position.stream == stream) positions.push_back(row.position);
    ASSERT_TRUE(spool_->remove(positions));
    oldest = expected(spool_->oldest());
  }
  EXPECT_LT(oldest.size(), 4U) << "more than a megabyte";
}

TEST_F(SpoolFileTest, keeps_what_comes_while_a_row_is_forwarded) {
  const auto updates = numbered(2);
  ASSERT_TRUE(append({stream, 1}, {updates[0]}));
  const auto forwarded = expected(spool_->oldest());
  ASSERT_TRUE(append({stream, 2}, {updates[1]}));
  ASSERT_TRUE(spool_->remove({forwarded.at(0).position}));
  EXPECT_EQ(expected(spool_->oldest()).at(0).updates, std::vector{updates[1]});
}

// A node starts again and opens a stream of a lower number.
TEST_F(SpoolFileTest, goes_by_the_order_of_the_appends) {
  const auto updates = numbered(3);
  ASSERT_TRUE(append({stream, 8}, {updates[0]}));
  ASSERT_TRUE(append({stream, 9}, {updates[1]}));
  open();
  ASSERT_TRUE(append({stream - 1, 1}, {updates[2]}));
  EXPECT_THAT(positions(),
              ElementsAre(log::Position{stream, 8}, log::Position{stream, 9}, log::Position{stream - 1, 1}));
  EXPECT_EQ(expected(spool_->oldest()).at(0).position, (log::Position{stream, 8}));
}

TEST_F(SpoolFileTest, keeps_a_row_once_that_is_appended_again) {
  const auto updates = numbered(2);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(append({stream, 1}, updates));
  EXPECT_EQ(spool_->waiting(), 2U);
  EXPECT_THAT(positions(), ElementsAre(log::Position{stream, 1}));
}

TEST_F(SpoolFileTest, removes_a_row_that_it_does_not_have) {
  ASSERT_TRUE(append({stream, 1}, numbered(2)));
  ASSERT_TRUE(spool_->remove({log::Position{stream, 2}}));
  EXPECT_EQ(spool_->waiting(), 2U);
}

TEST_F(SpoolFileTest, keeps_everything_over_a_restart) {
  const auto updates = numbered(3);
  ASSERT_TRUE(append({stream, 4}, updates));
  open();
  EXPECT_EQ(spool_->waiting(), 3U);
  const auto read = rows();
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].position, (log::Position{stream, 4}));
  EXPECT_EQ(read[0].updates, updates);
}

TEST_F(SpoolFileTest, keeps_every_field) {
  const std::vector<StatusUpdate> extremes{{"earliest", {earliest_timestamp, at(0), -160, 0, false}},
                                           {"latest", {latest_timestamp, latest_timestamp, 20, 100, true}}};
  ASSERT_TRUE(append({std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max()}, extremes));
  open();
  const auto read = rows();
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].updates, extremes);
}

TEST_F(SpoolFileTest, sets_a_damaged_row_aside) {
  const auto updates = numbered(3);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(append({stream, i + 1}, {updates[static_cast<std::size_t>(i)]}));
  spool_.reset();
  sqlite::connect(path_).execute("UPDATE spool SET updates = x'0102' WHERE sequence = 1");
  open();
  const auto oldest = expected(spool_->oldest());
  ASSERT_EQ(oldest.size(), 2U);
  EXPECT_EQ(oldest[0].position, (log::Position{stream, 2}));
  EXPECT_EQ(spool_->set_aside(), 1U);
  ASSERT_TRUE(spool_->remove({log::Position{stream, 2}}));
  ASSERT_TRUE(spool_->remove({log::Position{stream, 3}}));
  EXPECT_EQ(spool_->waiting(), 0U);
  open();
  EXPECT_EQ(spool_->set_aside(), 1U) << "kept for an administrator";
  EXPECT_THAT(expected(spool_->oldest()), IsEmpty());
}

TEST_F(SpoolFileTest, returns_a_row_behind_damaged_ones_of_more_than_a_megabyte) {
  for (int i = 1; i <= 2; ++i) ASSERT_TRUE(append({stream, i}, numbered(1)));
  spool_.reset();
  sqlite::connect(path_).execute("UPDATE spool SET updates = randomblob(2000000) WHERE sequence = 1");
  open();
  const auto oldest = expected(spool_->oldest());
  ASSERT_EQ(oldest.size(), 1U);
  EXPECT_EQ(oldest[0].position, (log::Position{stream, 2}));
}

TEST_F(SpoolFileTest, reads_all_rows_but_the_damaged_ones) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(append({stream, i}, numbered(i)));
  spool_.reset();
  sqlite::connect(path_).execute("UPDATE spool SET updates = x'0102' WHERE sequence = 2");
  open();
  EXPECT_THAT(positions(), ElementsAre(log::Position{stream, 1}, log::Position{stream, 3}));
}

TEST_F(SpoolFileTest, knows_its_database) {
  EXPECT_EQ(spool_->database(), std::nullopt);
  ASSERT_TRUE(spool_->bind_to("1764160000000000"));
  EXPECT_EQ(spool_->database(), "1764160000000000");
  open();
  EXPECT_EQ(spool_->database(), "1764160000000000");
}

TEST_F(SpoolFileTest, takes_no_more_than_its_limit_and_all_or_nothing) {
  constexpr std::int64_t limit = 1 << 20;
  open(limit);
  const auto updates = numbered(500);
  std::int64_t taken = 0;
  StoreResult<Done> appended = Done{};
  for (int i = 0; i < 1'000 && (appended = append({stream, i + 1}, updates)); ++i) ++taken;
  ASSERT_FALSE(appended) << "it has no limit";
  EXPECT_EQ(appended.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_GT(taken, 10);
  EXPECT_EQ(spool_->waiting(), static_cast<std::uint64_t>(taken) * updates.size());
  EXPECT_LE(std::filesystem::file_size(path_), static_cast<std::uintmax_t>(limit));

  // What is removed makes room again.
  for (int i = 0; i < taken / 2; ++i) ASSERT_TRUE(spool_->remove({log::Position{stream, i + 1}}));
  EXPECT_TRUE(append({stream, taken + 1}, updates));
  open(limit);
  EXPECT_EQ(spool_->waiting(), static_cast<std::uint64_t>(taken - taken / 2 + 1) * updates.size());
}

TEST_F(SpoolFileTest, is_told_apart_from_other_files) {
  const auto store = (folder_.path() / "store.db").string();
  sqlite::connect(store).execute("CREATE TABLE something (else_ INTEGER)");
  EXPECT_FALSE(sqlite::SpoolFile::open(store, plenty));
  const auto text = (folder_.path() / "text").string();
  std::ofstream(text) << std::string(4096, 'x');
  EXPECT_FALSE(sqlite::SpoolFile::open(text, plenty));
  spool_.reset();
  sqlite::connect(path_).execute("PRAGMA user_version = 1000");
  EXPECT_FALSE(sqlite::SpoolFile::open(path_, plenty)) << "of a later version";
}

TEST_F(SpoolFileTest, knows_how_much_room_it_takes) {
  const auto empty = spool_->size();
  EXPECT_EQ(empty.limit_bytes, std::uint64_t{plenty});
  ASSERT_TRUE(append({stream, 1}, numbered(20'000)));
  const auto full = spool_->size();
  EXPECT_GT(full.bytes, 20'000U * 10);
  EXPECT_LT(full.bytes, 20'000U * 60);
  open();
  EXPECT_EQ(spool_->size().bytes, full.bytes);
  ASSERT_TRUE(spool_->remove({log::Position{stream, 1}}));
  EXPECT_EQ(spool_->size().bytes, empty.bytes) << "the file is as large, and empty";
}

TEST_F(SpoolFileTest, has_reached_its_limit_when_it_takes_no_more) {
  constexpr std::int64_t little = 1 << 20;
  open(little);
  for (int i = 1; append({stream, i}, numbered(100)); ++i) continue;
  EXPECT_GT(static_cast<double>(spool_->size().bytes), 0.95 * little);
  EXPECT_LE(spool_->size().bytes, std::uint64_t{little});
}

}  // namespace
}  // namespace ubiety::test
