// A SQLite file that is removed, moved, replaced or restored under its owner: nothing is acknowledged after it.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>
#include <functional>

#include "storage/sqlite/spool_file.hpp"
#include "storage/sqlite/store.hpp"
#include "store_fixture.hpp"
#include "support/copy_database.hpp"
#include "support/unmerged_updates.hpp"

namespace ubiety::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using Outcome = Claim::Outcome;

class FilePlace : public ::testing::Test {
 protected:
  FilePlace() {
    fs::create_directory(data_);
    store_.emplace(file_);
    EXPECT_TRUE((*store_->open_migrator())->up());
    own(*store_);
    session_ = expected(store_->open());
    expected(session_->open_stream(stream_));
    append(1);
  }

  StoreResult<Done> try_to_append(int number) {
    const auto sent = update("sensor", number, number);
    return session_->append({stream_, number}, {&sent});
  }
  void append(int number) { expected(try_to_append(number)); }

  // Moves the log into the history.
  void merge() {
    UnmergedUpdates unmerged;
    log::Positions through;
    for (const auto& row : load(*session_).rows) {
      unmerged.add(row.position, row.updates);
      through.raise_to(row.position);
    }
    expected(session_->merge(through, unmerged));
  }

  Outcome claim() { return store_->ownership().claim().value().outcome; }

  // Nothing is acknowledged or read, and the owner learns it without a report.
  void expect_noticed() {
    EXPECT_EQ(claim(), Outcome::lost);
    const auto appended = try_to_append(2);
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().kind, StoreFailure::Kind::unavailable);
    EXPECT_THAT(appended.error().message,
                AnyOf(HasSubstr("removed or moved"), HasSubstr("replaced"), HasSubstr("put back")));
    EXPECT_FALSE(session_->history({.device_id = "sensor", .limit = 5}, {}));
    EXPECT_FALSE(session_->write_latest(std::vector<log::LatestStatus>{{update("sensor", 1, 1), at(1)}}));
  }

  TemporaryDirectory folder_;
  const fs::path data_ = folder_.path() / "data";
  const std::string file_ = data_ / "store.db";
  const std::string wal_ = file_ + "-wal";
  std::optional<sqlite::SqliteStore> store_;
  std::unique_ptr<Session> session_;
  log::StreamId stream_ = new_stream();
};

TEST_F(FilePlace, needs_no_notice_for_a_file_that_is_in_it) {
  EXPECT_EQ(claim(), Outcome::owned);
  merge();
  EXPECT_EQ(claim(), Outcome::owned);
  append(2);
  EXPECT_EQ(claim(), Outcome::owned);
}

TEST_F(FilePlace, notices_a_removed_file) {
  fs::remove(file_);
  expect_noticed();
}

TEST_F(FilePlace, notices_a_moved_file) {
  fs::rename(file_, folder_.path() / "elsewhere");
  expect_noticed();
}

TEST_F(FilePlace, notices_a_replaced_file) {
  copy_database(file_, folder_.path() / "copy");
  fs::rename(folder_.path() / "copy", file_);
  expect_noticed();
}

TEST_F(FilePlace, notices_a_removed_wal) {
  ASSERT_TRUE(fs::remove(wal_));
  expect_noticed();
}

TEST_F(FilePlace, notices_a_replaced_wal) {
  fs::copy_file(wal_, folder_.path() / "copy");
  fs::rename(folder_.path() / "copy", wal_);
  expect_noticed();
}

TEST_F(FilePlace, notices_a_removed_folder) {
  fs::remove_all(data_);
  expect_noticed();
}

TEST_F(FilePlace, notices_a_moved_folder) {
  fs::rename(data_, folder_.path() / "old");
  fs::create_directory(data_);
  expect_noticed();
}

TEST_F(FilePlace, notices_another_store_in_the_same_file) {
  const auto other = folder_.path() / "other.db";
  sqlite::SqliteStore store(other);
  EXPECT_TRUE((*store.open_migrator())->up());
  copy_database(other, file_);
  expect_noticed();
}

TEST_F(FilePlace, notices_an_earlier_copy_in_the_same_file) {
  const auto copy = folder_.path() / "copy.db";
  copy_database(file_, copy);
  append(2);
  copy_database(copy, file_);
  expect_noticed();
}

// It has all rows of the log, and what the last merge wrote is missing.
TEST_F(FilePlace, notices_a_copy_from_before_a_merge) {
  const auto copy = folder_.path() / "copy.db";
  copy_database(file_, copy);
  merge();
  copy_database(copy, file_);
  expect_noticed();
}

// The log of an earlier owner may have as many rows, and others.
TEST_F(FilePlace, notices_a_copy_that_an_earlier_owner_left) {
  const auto copy = folder_.path() / "copy.db";
  append(2);
  copy_database(file_, copy);
  session_.reset();
  store_.reset();
  store_.emplace(file_);
  own(*store_);
  session_ = expected(store_->open());
  copy_database(copy, file_);
  expect_noticed();
}

// A file that has taken the place may have a WAL of its own by then, which is not this process's to remove.
TEST_F(FilePlace, is_left_alone_at_the_end_when_another_file_has_it) {
  fs::rename(data_, folder_.path() / "old");
  fs::create_directory(data_);
  sqlite::SqliteStore next(file_);
  EXPECT_TRUE((*next.open_migrator())->up());
  own(next);
  const auto session = expected(next.open());
  test::append(*session, {update("next", 1, 1)});
  session_.reset();
  store_.reset();
  EXPECT_TRUE(fs::exists(wal_));
  EXPECT_EQ(next.ownership().claim().value().outcome, Outcome::owned);
  EXPECT_EQ(records_of(*session, "next").size(), 1U);
}

TEST_F(FilePlace, is_the_same_by_every_path) {
  fs::create_hard_link(file_, folder_.path() / "hard.db");
  fs::create_symlink(file_, folder_.path() / "soft.db");
  const auto relative = fs::relative(file_);
  for (const auto& path : {folder_.path() / "hard.db", folder_.path() / "soft.db", relative}) {
    sqlite::SqliteStore other(path);
    const auto claim = other.ownership().claim();
    ASSERT_TRUE(claim) << claim.error().message;
    EXPECT_EQ(claim->outcome, Outcome::others) << path;
  }
  append(2);
}

// SQLite would look for the WAL beside the other name, and miss what is in the first one's.
TEST_F(FilePlace, refuses_a_file_with_two_names) {
  const auto other_name = folder_.path() / "hard.db";
  fs::create_hard_link(file_, other_name);
  session_.reset();
  store_.reset();
  const auto claim = sqlite::SqliteStore(other_name).ownership().claim();
  ASSERT_FALSE(claim);
  EXPECT_EQ(claim.error().kind, StoreFailure::Kind::rejected);
  EXPECT_THAT(claim.error().message, HasSubstr("hard links"));
}

class SpoolPlace : public ::testing::Test {
 protected:
  std::unique_ptr<Spool> open() { return std::move(sqlite::SpoolFile::open(path_, 1'000'000).value()); }
  static Outcome claim(Spool& spool) { return spool.claim(at(0)).value().outcome; }
  static StoreResult<Done> append(Spool& spool) {
    const auto one = update("sensor", 1, 1);
    return spool.append({1, 1}, {&one});
  }

  TemporaryDirectory folder_;
  const std::string path_ = folder_.path() / "spool.db";
  std::unique_ptr<Spool> spool_ = open();
};

TEST_F(SpoolPlace, is_one_process_s_and_then_the_next_one_s) {
  const auto other = open();
  EXPECT_EQ(claim(*spool_), Outcome::owned);
  EXPECT_EQ(claim(*other), Outcome::others);
  ASSERT_TRUE(append(*spool_));
  EXPECT_EQ(other->waiting(), 0U);
  spool_.reset();
  EXPECT_EQ(claim(*other), Outcome::owned);
  EXPECT_EQ(other->waiting(), 1U) << "what the owner before has left";
}

TEST_F(SpoolPlace, takes_nothing_when_it_is_gone) {
  EXPECT_EQ(claim(*spool_), Outcome::owned);
  fs::remove(path_);
  EXPECT_FALSE(append(*spool_));
  EXPECT_EQ(claim(*spool_), Outcome::lost);
}

}  // namespace
}  // namespace ubiety::test
