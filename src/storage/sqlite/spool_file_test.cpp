// A spool of version 1, which had a row for each update. What every spool does is tested in tests/integration/storage.
#include "storage/sqlite/spool_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/temporary_directory.hpp"

namespace ubiety::test {
namespace {

constexpr const char* version_1 = R"sql(
  PRAGMA application_id = 1432512884;
  PRAGMA user_version = 1;
  CREATE TABLE waiting (
    place         INTEGER PRIMARY KEY,
    device_id     TEXT    NOT NULL,
    timestamp     INTEGER NOT NULL,
    battery_level INTEGER NOT NULL,
    rssi          INTEGER NOT NULL,
    online        INTEGER NOT NULL,
    received_at   INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE received_floor (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    received_at  INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE store_owner (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    host         TEXT    NOT NULL,
    pid          INTEGER NOT NULL,
    since        INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE bound_to (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    database     TEXT    NOT NULL
  ) STRICT;
  INSERT INTO received_floor VALUES (1, 5);
  INSERT INTO bound_to VALUES (1, 'some database');
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499)
  INSERT INTO waiting (device_id, timestamp, battery_level, rssi, online, received_at)
  SELECT 'sensor-' || (i % 7), 1000000 * i, i % 101, -(i % 100), i % 2, 1000000 * i + 5 FROM n;)sql";

StatusUpdate numbered(int i) {
  return {"sensor-" + std::to_string(i % 7),
          {.timestamp = {1'000'000 * std::int64_t{i}},
           .received = {1'000'000 * std::int64_t{i} + 5},
           .rssi = static_cast<std::int16_t>(-(i % 100)),
           .battery_level = static_cast<std::uint8_t>(i % 101),
           .online = i % 2 != 0}};
}

class SpoolVersion1 : public ::testing::Test {
 protected:
  SpoolVersion1() { sqlite::connect(path_).execute(version_1); }

  std::unique_ptr<Spool> open(std::int64_t max_bytes = 64 << 20) {
    auto opened = sqlite::SpoolFile::open(path_, max_bytes);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }

  static void claim(Spool& spool) {
    const auto claim = spool.claim({});
    ASSERT_TRUE(claim) << claim.error().message;
    ASSERT_EQ(claim->outcome, Claim::Outcome::owned);
  }

  TemporaryDirectory folder_ = TemporaryDirectory::in_memory();
  const std::string path_ = folder_.path() / "spool.db";
};

TEST_F(SpoolVersion1, becomes_rows_of_one_stream) {
  for (int starts = 0; starts < 2; ++starts) {
    const auto spool = open();
    claim(*spool);
    EXPECT_EQ(spool->waiting(), 2'500U);
    EXPECT_EQ(spool->database(), "some database");
    std::vector<StatusUpdate> updates;
    log::Position last;
    ASSERT_TRUE(spool->read_all([&](log::Row&& row) {
      EXPECT_EQ(row.position.sequence, last.sequence + 1);
      EXPECT_TRUE(last.stream == 0 || row.position.stream == last.stream);
      last = row.position;
      updates.insert(updates.end(), row.updates.begin(), row.updates.end());
    }));
    ASSERT_EQ(updates.size(), 2'500U);
    for (int i = 0; i < 2'500; ++i) ASSERT_EQ(updates[static_cast<std::size_t>(i)], numbered(i)) << i;
    EXPECT_EQ(last.sequence, 3);
    EXPECT_GT(last.stream, 0);
  }
}

// Another process may own it, of the version before.
TEST_F(SpoolVersion1, is_left_as_it_is_until_it_is_claimed) {
  { const auto spool = open(); }
  auto database = sqlite::connect(path_);
  sqlite::Statement version(database, "PRAGMA user_version");
  ASSERT_TRUE(version.next());
  EXPECT_EQ(version.integer(0), 1);
  sqlite::Statement count(database, "SELECT count(*) FROM waiting");
  ASSERT_TRUE(count.next());
  EXPECT_EQ(count.integer(0), 2'500);
}

TEST_F(SpoolVersion1, needs_no_more_room_than_it_has) {
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path_));
  const auto spool = open(size + 4 * 8192);  // for the tables that are new
  claim(*spool);
  EXPECT_EQ(spool->waiting(), 2'500U);
}

}  // namespace
}  // namespace ubiety::test
