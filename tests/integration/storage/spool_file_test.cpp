#include "storage/sqlite/spool_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "integration/storage/store_fixture.hpp"

namespace ubiety::test {
namespace {

constexpr std::int64_t plenty = 64 << 20;

class SpoolFileTest : public ::testing::Test {
 protected:
  SpoolFileTest() { open(); }

  void open(std::int64_t most_bytes = plenty) {
    spool_.reset();
    auto opened = sqlite::SpoolFile::open(path_, most_bytes);
    ASSERT_TRUE(opened) << opened.error().message;
    spool_ = std::move(*opened);
  }

  StoreResult<Done> append(const std::vector<StatusUpdate>& updates) {
    UpdateList list;
    for (const auto& update : updates) list.push_back(&update);
    return spool_->append(list);
  }

  static std::vector<StatusUpdate> numbered(int count) {
    std::vector<StatusUpdate> updates;
    for (int i = 0; i < count; ++i) updates.push_back(update("device-" + std::to_string(i), i, i + 1));
    return updates;
  }

  TemporaryDirectory folder_;
  const std::string path_ = (folder_.path() / "spool.db").string();
  std::unique_ptr<Spool> spool_;
};

TEST_F(SpoolFileTest, gives_the_oldest_first_and_forgets_what_is_removed) {
  const auto updates = numbered(5);
  ASSERT_TRUE(append({updates[3], updates[1]}));
  ASSERT_TRUE(append({updates[4], updates[0], updates[2]}));
  EXPECT_EQ(spool_->waiting(), 5u);

  auto slice = spool_->oldest(3);
  ASSERT_TRUE(slice);
  EXPECT_EQ(slice->updates, (std::vector{updates[3], updates[1], updates[4]}));
  ASSERT_TRUE(spool_->remove_through(slice->last));
  EXPECT_EQ(spool_->waiting(), 2u);
  slice = spool_->oldest(3);
  ASSERT_TRUE(slice);
  EXPECT_EQ(slice->updates, (std::vector{updates[0], updates[2]}));
  ASSERT_TRUE(spool_->remove_through(slice->last));
  EXPECT_EQ(spool_->waiting(), 0u);
  EXPECT_TRUE(spool_->oldest(3)->updates.empty());
}

TEST_F(SpoolFileTest, what_comes_while_a_slice_is_forwarded_stays) {
  const auto updates = numbered(2);
  ASSERT_TRUE(append({updates[0]}));
  const auto slice = spool_->oldest(10);
  ASSERT_TRUE(append({updates[1]}));
  ASSERT_TRUE(spool_->remove_through(slice->last));
  EXPECT_EQ(spool_->oldest(10)->updates, std::vector{updates[1]});
}

TEST_F(SpoolFileTest, keeps_everything_over_a_restart) {
  const auto updates = numbered(3);
  ASSERT_TRUE(append(updates));
  ASSERT_TRUE(spool_->set_received_floor(at(7)));
  open();
  EXPECT_EQ(spool_->waiting(), 3u);
  EXPECT_EQ(spool_->received_floor(), at(7));
  std::vector<StatusUpdate> told;
  ASSERT_TRUE(spool_->read_all([&](StatusUpdate&& update, Origin origin) {
    EXPECT_EQ(origin, Origin::history);
    told.push_back(std::move(update));
  }));
  EXPECT_EQ(told, updates);
}

TEST_F(SpoolFileTest, knows_its_database) {
  EXPECT_EQ(spool_->database(), std::nullopt);
  ASSERT_TRUE(spool_->bind_to("1764160000000000"));
  EXPECT_EQ(spool_->database(), "1764160000000000");
  open();
  EXPECT_EQ(spool_->database(), "1764160000000000");
}

TEST_F(SpoolFileTest, has_the_floor_that_was_set_last) {
  EXPECT_EQ(spool_->received_floor(), std::nullopt);
  ASSERT_TRUE(spool_->set_received_floor(at(9)));
  ASSERT_TRUE(spool_->set_received_floor(at(3)));
  EXPECT_EQ(spool_->received_floor(), at(3));
  open();
  EXPECT_EQ(spool_->received_floor(), at(3));
}

TEST_F(SpoolFileTest, takes_no_more_than_its_limit_and_all_or_nothing) {
  constexpr std::int64_t limit = 1 << 20;
  open(limit);
  const auto updates = numbered(500);
  std::uint64_t taken = 0;
  StoreResult<Done> appended = Done{};
  for (int i = 0; i < 200 && (appended = append(updates)); ++i) taken += updates.size();
  ASSERT_FALSE(appended) << "it has no limit";
  EXPECT_EQ(appended.error().kind, StoreFailure::Kind::unavailable);
  EXPECT_GT(taken, 5000u);
  EXPECT_EQ(spool_->waiting(), taken);
  EXPECT_LE(std::filesystem::file_size(path_), static_cast<std::uintmax_t>(limit));

  // What is removed makes room again.
  ASSERT_TRUE(spool_->remove_through(spool_->oldest(taken / 2)->last));
  EXPECT_TRUE(append(updates));
  open(limit);
  EXPECT_EQ(spool_->waiting(), taken - taken / 2 + updates.size());
}

TEST_F(SpoolFileTest, is_told_apart_from_other_files) {
  const auto store = (folder_.path() / "store.db").string();
  sqlite::connect(store).execute("CREATE TABLE something (else_ INTEGER)");
  EXPECT_FALSE(sqlite::SpoolFile::open(store, plenty));
  const auto text = (folder_.path() / "text").string();
  std::ofstream(text) << std::string(4096, 'x');
  EXPECT_FALSE(sqlite::SpoolFile::open(text, plenty));
  spool_.reset();
  sqlite::connect(path_).execute("PRAGMA user_version = 2");
  EXPECT_FALSE(sqlite::SpoolFile::open(path_, plenty)) << "of a later version";
}

TEST_F(SpoolFileTest, tells_how_much_room_it_takes) {
  const auto empty = spool_->size();
  EXPECT_EQ(empty.limit_bytes, std::uint64_t{plenty});
  ASSERT_TRUE(append(numbered(20'000)));
  const auto full = spool_->size();
  EXPECT_GT(full.bytes, 20'000u * 30);
  EXPECT_LT(full.bytes, 20'000u * 200);
  open();
  EXPECT_EQ(spool_->size().bytes, full.bytes);
  ASSERT_TRUE(spool_->remove_through(spool_->oldest(20'000)->last));
  EXPECT_EQ(spool_->size().bytes, empty.bytes) << "the file is as large, and empty";
}

TEST_F(SpoolFileTest, has_reached_its_limit_when_it_takes_no_more) {
  constexpr std::int64_t little = 1 << 20;
  open(little);
  while (append(numbered(100))) {
  }
  EXPECT_GT(static_cast<double>(spool_->size().bytes), 0.95 * little);
  EXPECT_LE(spool_->size().bytes, std::uint64_t{little});
}

}  // namespace
}  // namespace ubiety::test
